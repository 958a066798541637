import type { TokenSource } from './tokenCache';

/** `fetch` with a bearer token; a 401 is tried once more with a new token. */
export function authorizedFetch(tokens: TokenSource): typeof fetch {
  return async (input, init) => {
    const attempt = async (renew: boolean) => {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${await tokens({ renew })}`);
      return fetch(input, { ...init, headers });
    };

    const response = await attempt(false);
    return response.status === 401 ? attempt(true) : response;
  };
}
