import { jwtClient } from 'better-auth/client/plugins';
import { createAuthClient } from 'better-auth/react';
import { authorizedFetch } from './authorizedFetch';
import { cachedTokens } from './tokenCache';

/** Better Auth, on the page's own origin. */
export const auth = createAuthClient({ basePath: '/api/auth', plugins: [jwtClient()] });

/** Thrown when the server no longer knows the session: the person has to sign in again. */
export class SessionEnded extends Error {
  override name = 'SessionEnded';
}

async function fetchToken(): Promise<string> {
  const { data, error } = await auth.token();
  if (data?.token) return data.token;
  if (error?.status === 401) throw new SessionEnded('Your session has ended.');
  throw new Error('The sign-in service cannot be reached.');
}

/** A `fetch` for one signed-in person: each caller gets a token cache of its own. */
export function sessionFetch(): typeof fetch {
  return authorizedFetch(cachedTokens(fetchToken));
}
