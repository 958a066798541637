const REFRESH_EARLY_SECONDS = 60;

/** Gives a bearer token; `renew` asks for a new one although the present one looks good. */
export type TokenSource = (options?: { renew: boolean }) => Promise<string>;

/**
 * A source of tokens that are good for at least another minute.
 *
 * The token lives in this closure alone, and however many callers wait there is one request.
 */
export function cachedTokens(
  fetchToken: () => Promise<string>,
  now: () => number = Date.now,
): TokenSource {
  let current: { token: string; expires: number } | null = null;
  let pending: Promise<string> | null = null;

  async function refresh(): Promise<string> {
    const token = await fetchToken();
    current = { token, expires: expiryOf(token) };
    return token;
  }

  return ({ renew } = { renew: false }) => {
    if (!renew && current && current.expires - REFRESH_EARLY_SECONDS > now() / 1000) {
      return Promise.resolve(current.token);
    }
    pending ??= refresh().finally(() => {
      pending = null;
    });
    return pending;
  };
}

function expiryOf(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const json = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  return Number((JSON.parse(json) as { exp: number }).exp);
}
