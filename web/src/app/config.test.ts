import { afterEach, expect, test, vi } from 'vitest';
import { loadConfig } from './config';

afterEach(() => vi.unstubAllGlobals());

const served = (answer: () => Promise<Response>) => vi.stubGlobal('fetch', answer);

test('[003/FR-015] the server’s configuration is used', async () => {
  const config = {
    ui: 'auto',
    domainKey: 'domain_pk_1',
    assistant: { provider: 'offline', model: 'offline' },
  };
  served(async () => Response.json(config));

  expect(await loadConfig()).toEqual(config);
});

test.each([
  ['missing', async () => new Response('', { status: 404 })],
  ['a page', async () => new Response('<!doctype html>')],
  ['of an unknown kind', async () => Response.json({ ui: 'holographic' })],
  ['empty', async () => Response.json(null)],
  ['unreachable', () => Promise.reject(new TypeError('Failed to fetch'))],
])('[003/FR-015] a configuration that is %s means our own chat', async (_name, answer) => {
  served(answer);

  expect((await loadConfig()).ui).toBe('local');
});
