import type { ChatKitControl } from '@openai/chatkit-react';
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import { useMedia } from '../../app/useMedia';
import { Announcer } from './Announcer';
import { Composer, type ComposerHandle } from './Composer';
import { Header } from './Header';
import { HistoryDrawer } from './HistoryDrawer';
import { HistoryPanel } from './HistoryPanel';
import { loadMarkdown } from './MarkdownText';
import { Messages } from './Messages';
import { StartScreen } from './StartScreen';
import { Status } from './Status';
import { useChatSession } from './useChatSession';
import { useControlInstance } from './useControlInstance';
import { useDraft } from './useDraft';
import { useHistory } from './useHistory';
import { usePageLifecycle } from './usePageLifecycle';
import { useShortcuts } from './useShortcuts';
import './styles/layout.css';

type Props = {
  control: ChatKitControl;
  /** What else belongs into the header. */
  toolbar?: ReactNode;
};

/** Our chat: takes the same `control` as the hosted element and speaks the same protocol. */
export function LocalChat({ control, toolbar }: Props) {
  const { options } = control;
  const composer = useRef<ComposerHandle>(null);
  const { draft, setDraft, giveBack } = useDraft('url' in options.api ? options.api.url : '');
  const { client, session, conversation } = useChatSession(control, giveBack);
  const history = useHistory(client, conversation.thread);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const wide = useMedia('(min-width: 60rem)');
  const { thread, items, phase, failure } = conversation;
  const isEmpty = items.length === 0 && phase !== 'loading' && !failure;
  const title = history.titleOf(thread);

  useControlInstance(control, { session, composer, setDraft, setDrawerOpen });
  useShortcuts({ onStop: session.stop, onFocusComposer: () => composer.current?.focus() });
  usePageLifecycle({
    onLeave: session.returnUnsent,
    onReturn: () => {
      session.refresh();
      history.load();
    },
  });
  useEffect(() => {
    readyToWrite(composer.current);
    loadMarkdown().catch(() => {}); // early; whoever needs it tries again
  }, []);
  useEffect(() => {
    document.title = title ? `${title} – Todo` : 'Todo';
    return () => {
      document.title = 'Todo'; // what was talked about is gone with the chat
    };
  }, [title]);

  function open(threadId: string | null) {
    setDrawerOpen(false);
    session.open(threadId);
    readyToWrite(composer.current);
  }

  function send(text: string) {
    if (phase !== 'ready') return;
    if (text === draft) setDraft('');
    if (thread) history.toTop(thread);
    session.send(text);
    readyToWrite(composer.current);
  }

  function recover() {
    session.recover();
    readyToWrite(composer.current); // the button that was pressed is about to go
  }

  const panel = (
    <HistoryPanel
      history={history}
      current={thread?.id ?? null}
      options={options.history}
      locale={options.locale}
      onOpen={open}
      onDeleted={() => open(null)}
    />
  );

  return (
    <div className="chat" style={schemeOf(options.theme)}>
      {wide && options.history?.enabled !== false && <aside className="sidebar">{panel}</aside>}
      {!wide && (
        <HistoryDrawer open={drawerOpen} onClose={() => setDrawerOpen(false)}>
          {panel}
        </HistoryDrawer>
      )}
      <div className="chat-main">
        <Header
          title={options.header?.title?.text ?? title}
          onShowHistory={wide ? undefined : () => setDrawerOpen(true)}
          onNew={wide ? undefined : () => open(null)}
        >
          {toolbar}
        </Header>
        <main className="conversation" aria-label={options.frameTitle ?? 'Chat'}>
          {isEmpty ? (
            <StartScreen screen={options.startScreen} onSend={send} />
          ) : (
            <Messages conversation={conversation} session={session}>
              <Status conversation={conversation} onRecover={recover} />
            </Messages>
          )}
          <Composer
            ref={composer}
            draft={draft}
            placeholder={options.composer?.placeholder}
            phase={phase}
            canStop={conversation.canStop}
            locked={thread?.status.type === 'locked' || thread?.status.type === 'closed'}
            onChange={setDraft}
            onSend={send}
            onStop={session.stop}
          />
          {options.disclaimer && <p className="disclaimer">{options.disclaimer.text}</p>}
        </main>
      </div>
      <Announcer conversation={conversation} />
    </div>
  );
}

/** Puts the cursor into the composer, unless that would bring up the keyboard of a touch screen. */
function readyToWrite(composer: ComposerHandle | null): void {
  if (matchMedia('(pointer: fine)').matches) composer?.focus();
}

function schemeOf(theme: ChatKitControl['options']['theme']): CSSProperties {
  const scheme = typeof theme === 'string' ? theme : theme?.colorScheme;
  return scheme ? { colorScheme: scheme } : {};
}
