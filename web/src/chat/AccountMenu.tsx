import { useId, useState } from 'react';
import { tab } from '../app/storage';
import { auth } from '../auth/client';
import type { User } from '../auth/useAccount';

type Props = { user: User; onSignOut: () => void; onUseLocal?: (() => void) | undefined };

/** Who is signed in, and the way out. */
export function AccountMenu({ user, onSignOut, onUseLocal }: Props) {
  const id = useId();
  const [problem, setProblem] = useState(false);

  async function signOut() {
    const { error } = await auth.signOut();
    setProblem(error !== null);
    if (error) return;
    tab.clear(); // what was being written is nobody else's business
    onSignOut();
  }

  return (
    <>
      <button
        className="avatar"
        type="button"
        popoverTarget={id}
        aria-label="Your account"
        dir="auto"
      >
        {initialOf(user)}
      </button>
      <div className="menu" id={id} popover="auto">
        <p className="menu-name" dir="auto">
          {user.name}
        </p>
        <p className="menu-email">{user.email}</p>
        {onUseLocal && (
          <button className="menu-item" type="button" onClick={onUseLocal}>
            Use the built-in chat
          </button>
        )}
        <button className="menu-item" type="button" onClick={signOut}>
          Sign out
        </button>
        {problem && (
          <p className="menu-problem" role="alert">
            Signing out did not work. Try again.
          </p>
        )}
      </div>
    </>
  );
}

function initialOf({ name, email }: User): string {
  const [first = '?'] = name.trim() || email;
  return first.toUpperCase();
}
