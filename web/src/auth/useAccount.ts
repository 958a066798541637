import { useState } from 'react';
import { auth } from './client';

export type User = { id: string; name: string; email: string };

export type Account =
  | { state: 'loading' }
  | { state: 'unreachable'; retry: () => void }
  | { state: 'signed-out' }
  | { state: 'signed-in'; user: User; recheck: () => void };

/** Who is signed in. A check that fails later on changes nothing; only the server's word does. */
export function useAccount(): Account {
  const { data, error, isPending, refetch } = auth.useSession();
  // Once known it stays known: a new check must not tear down what a person is typing into.
  const [settled, setSettled] = useState(false);
  if (!settled && !isPending && !error) setSettled(true);

  if (data) return { state: 'signed-in', user: data.user, recheck: refetch };
  if (settled) return { state: 'signed-out' };
  return error && !isPending ? { state: 'unreachable', retry: refetch } : { state: 'loading' };
}
