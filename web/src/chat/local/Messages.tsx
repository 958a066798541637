import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from '../../app/Icon';
import { ItemBoundary } from './ItemBoundary';
import { ItemView } from './ItemView';
import { type Conversation, isUnsent } from './protocol/conversation';
import type { ChatSession } from './protocol/session';
import { useStickToBottom } from './useStickToBottom';
import './styles/messages.css';

type Props = { conversation: Conversation; session: ChatSession; children: ReactNode };

/** The messages of the open conversation, and below them its state. */
export function Messages({ conversation, session, children }: Props) {
  const { items, live, earlier, phase } = conversation;
  const { scroller, content, atBottom, toBottom } = useStickToBottom();
  const heightBefore = useRef<number | null>(null);
  const [missing, setMissing] = useState(false);
  const last = items.at(-1);
  const sending = phase === 'answering' && last !== undefined && isUnsent(last);

  useEffect(() => {
    if (sending) toBottom(); // whoever writes wants to see what comes
  }, [sending, toBottom]);

  const first = items[0]?.id;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (heightBefore.current === null || !element) return;
    element.scrollTop += element.scrollHeight - heightBefore.current;
    heightBefore.current = null;
  }, [first]);

  async function loadEarlier() {
    heightBefore.current = scroller.current?.scrollHeight ?? null;
    setMissing(false);
    try {
      await session.loadEarlier();
    } catch {
      heightBefore.current = null;
      setMissing(true);
    }
  }

  return (
    <div className="messages-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="messages" ref={scroller} aria-label="Messages" tabIndex={0}>
        <div className="messages-content" ref={content}>
          {earlier && (
            <div className="earlier">
              <button className="button-secondary" type="button" onClick={loadEarlier}>
                Show earlier messages
              </button>
              {missing && <p role="alert">They could not be fetched. Try again.</p>}
            </div>
          )}
          {items.map((item) => (
            <ItemBoundary key={item.id}>
              <ItemView item={item} live={live.has(item.id)} act={session.act} />
            </ItemBoundary>
          ))}
          {children}
        </div>
      </section>
      {!atBottom && (
        <button
          className="to-bottom"
          type="button"
          aria-label="Jump to the newest message"
          onClick={toBottom}
        >
          <Icon name="arrow-down" />
        </button>
      )}
    </div>
  );
}
