import { lazy, Suspense, useState } from 'react';
import { SignIn } from '../auth/SignIn';
import { useAccount } from '../auth/useAccount';
import { Splash } from './Splash';

const ChatPage = lazy(() =>
  import('../chat/ChatPage').then(({ ChatPage }) => ({ default: ChatPage })),
);

/** The page: the sign-in card, or the chat of whoever is signed in. */
export function App() {
  const account = useAccount();
  const [ended, setEnded] = useState(false);

  if (account.state === 'loading') return <Splash />;
  if (account.state === 'unreachable') {
    return <Splash problem="The server cannot be reached." onRetry={account.retry} />;
  }
  if (account.state === 'signed-out') return <SignIn ended={ended} />;

  function sessionEnded() {
    setEnded(true);
    if (account.state === 'signed-in') account.recheck();
  }

  return (
    <Suspense fallback={<Splash />}>
      <ChatPage
        key={account.user.id}
        user={account.user}
        onSessionEnded={sessionEnded}
        onSignOut={() => setEnded(false)}
      />
    </Suspense>
  );
}
