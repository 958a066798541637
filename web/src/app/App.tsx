import { auth } from '../auth/client';
import { SignIn } from '../auth/SignIn';
import { PlainChat } from '../chat/PlainChat';

/** The page: the sign-in card, or the chat of whoever is signed in. */
export function App() {
  const { data: session, isPending } = auth.useSession();
  if (isPending) return <p role="status">Loading…</p>;
  if (!session) return <SignIn />;
  return (
    <>
      <header>
        <strong>Todo</strong>
        <span dir="auto">{session.user.name}</span>
        <button type="button" onClick={() => auth.signOut()}>
          Sign out
        </button>
      </header>
      <main>
        <PlainChat key={session.user.id} userId={session.user.id} />
      </main>
    </>
  );
}
