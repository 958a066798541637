import { jwtClient } from 'better-auth/client/plugins';
import { createAuthClient } from 'better-auth/react';
import { authorizedFetch } from './authorizedFetch';
import { cachedTokens } from './tokenCache';

/** Better Auth, on the page's own origin. */
export const auth = createAuthClient({ basePath: '/api/auth', plugins: [jwtClient()] });

/** Thrown when the server no longer knows the session: the person has to sign in again. */
export class SessionEnded extends Error {
  override name = 'SessionEnded';

  constructor() {
    super('Your session has ended. Sign in again to go on.');
  }
}

/** A `fetch` for one signed-in person, with a token cache of its own. */
export function sessionFetch(onEnded: () => void): typeof fetch {
  const tokens = cachedTokens(async () => {
    const { data, error } = await auth.token();
    if (data?.token) return data.token;
    if (error?.status !== 401) throw new TypeError('The sign-in service cannot be reached.');
    onEnded();
    throw new SessionEnded();
  });
  return authorizedFetch(tokens);
}
