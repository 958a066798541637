import { ChatKit, useChatKit } from '@openai/chatkit-react';
import { lazy, Suspense, useState } from 'react';
import type { Config } from '../app/config';
import { Splash } from '../app/Splash';
import { device } from '../app/storage';
import { useMedia } from '../app/useMedia';
import { sessionFetch } from '../auth/client';
import type { User } from '../auth/useAccount';
import { AccountMenu } from './AccountMenu';
import { AssistantNote } from './AssistantNote';
import { chatOptions } from './options';
import { TopBar } from './TopBar';
import { useRenderer } from './useRenderer';
import './chat.css';

const LocalChat = lazy(() =>
  import('./local/LocalChat').then(({ LocalChat }) => ({ default: LocalChat })),
);

type Props = { user: User; config: Config; onSessionEnded: () => void; onSignOut: () => void };

/** The chat, drawn by the hosted element or by ours from one and the same configuration. */
export function Chat({ user, config, onSessionEnded, onSignOut }: Props) {
  const { renderer, onReady, useLocal } = useRenderer(config.ui);
  const [fetchAsUser] = useState(() => sessionFetch(onSessionEnded));
  const lastThread = `todo.thread.${user.id}`;
  const [initialThread] = useState(() => device.read(lastThread));
  const dark = useMedia('(prefers-color-scheme: dark)');
  const chat = useChatKit({
    ...chatOptions({
      userId: user.id,
      config,
      fetchAsUser,
      colorScheme: dark ? 'dark' : 'light',
      initialThread,
    }),
    onReady,
    onThreadChange: ({ threadId }) => device.write(lastThread, threadId),
  });

  async function tryExample(text: string) {
    await chat.setComposerValue({ text });
    await chat.focusComposer();
  }

  const toolbar = (
    <>
      {config.assistant.provider === 'offline' && <AssistantNote onExample={tryExample} />}
      <AccountMenu
        user={user}
        onSignOut={onSignOut}
        onUseLocal={renderer === 'hosted' ? useLocal : undefined}
      />
    </>
  );

  if (renderer === 'loading') return <Splash />;
  if (renderer === 'failed') {
    return (
      <Splash problem="The hosted chat did not load." onRetry={() => window.location.reload()} />
    );
  }
  if (renderer === 'hosted') {
    return (
      <div className="hosted">
        <TopBar>{toolbar}</TopBar>
        <main>
          <ChatKit control={chat.control} />
        </main>
      </div>
    );
  }
  return (
    <Suspense fallback={<Splash />}>
      <LocalChat control={chat.control} toolbar={toolbar} />
    </Suspense>
  );
}
