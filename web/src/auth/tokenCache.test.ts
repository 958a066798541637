import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { authorizedFetch } from './authorizedFetch';
import { cachedTokens } from './tokenCache';

const MINUTE = 60;
let seconds = 1_000_000;
let made = 0;

/** A token that is good for 15 minutes from now; only its payload is ever looked at here. */
async function freshToken(): Promise<string> {
  made += 1;
  const payload = btoa(JSON.stringify({ exp: seconds + 15 * MINUTE, jti: `${made}?>` }));
  return `h.${payload.replaceAll('+', '-').replaceAll('/', '_')}.s${made}`;
}

beforeEach(() => {
  made = 0;
});
afterEach(() => vi.unstubAllGlobals());

test('[003/FR-003] a token is asked for when it is needed, and only once while it is good', async () => {
  const tokens = cachedTokens(freshToken, () => seconds * 1000);
  expect(made).toBe(0);

  const [first, second] = await Promise.all([tokens(), tokens()]);
  const third = await tokens();

  expect([second, third]).toEqual([first, first]);
  expect(made).toBe(1);
});

test('[003/FR-003] a token is renewed 60 seconds before it expires', async () => {
  const tokens = cachedTokens(freshToken, () => seconds * 1000);
  await tokens();

  seconds += 14 * MINUTE - 1;
  await tokens();
  expect(made).toBe(1);
  seconds += 1;
  await tokens();
  expect(made).toBe(2);
});

test('[003/FR-003] a request that failed is not remembered', async () => {
  const fetchToken = vi.fn(freshToken).mockRejectedValueOnce(new Error('down'));
  const tokens = cachedTokens(fetchToken, () => seconds * 1000);

  await expect(tokens()).rejects.toThrow('down');
  await expect(tokens()).resolves.toMatch(/^h\./);
});

test('[003/FR-004] a request answered 401 is tried once more with a new token', async () => {
  const seen: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, init: RequestInit) => {
    seen.push(new Headers(init.headers).get('Authorization'));
    return new Response('', { status: 401 });
  });
  const fetchAsUser = authorizedFetch(cachedTokens(freshToken, () => seconds * 1000));

  const response = await fetchAsUser('/api/ada/chat', { method: 'POST' });

  expect(response.status).toBe(401);
  expect(seen).toHaveLength(2);
  expect(seen[0]).toMatch(/^Bearer h\..*\.s1$/);
  expect(seen[1]).toMatch(/^Bearer h\..*\.s2$/);
});

test('[003/FR-004] any other answer is taken as it is', async () => {
  const answer = vi.fn(async () => new Response('', { status: 503 }));
  vi.stubGlobal('fetch', answer);

  const response = await authorizedFetch(cachedTokens(freshToken))('/api/ada/chat');

  expect(response.status).toBe(503);
  expect(answer).toHaveBeenCalledOnce();
});
