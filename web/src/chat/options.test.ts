import type { ChatKitOptions } from '@openai/chatkit';
import { expect, test } from 'vitest';
import type { Config } from '../app/config';
import { chatOptions } from './options';

function optionsFor(provider: Config['assistant']['provider'], domainKey = 'domain_pk_1') {
  const config: Config = { ui: 'auto', domainKey, assistant: { provider, model: 'm' } };
  return chatOptions({
    userId: 'a/b',
    config,
    fetchAsUser: fetch,
    colorScheme: 'dark',
    initialThread: 'thr_7',
  });
}

test('[003/FR-010] [003/FR-014] the options fit the published types and lead to the one endpoint', () => {
  const options: ChatKitOptions = optionsFor('openai');

  expect(options.api).toMatchObject({ url: '/api/a%2Fb/chat', domainKey: 'domain_pk_1' });
  expect(options).toMatchObject({ initialThread: 'thr_7', theme: { colorScheme: 'dark' } });
});

test('[003/FR-014] what our server does not offer is switched off', () => {
  const { composer, threadItemActions, entities, commands } = optionsFor('openai');

  expect(composer).toMatchObject({
    attachments: { enabled: false },
    dictation: { enabled: false },
  });
  expect(composer).not.toHaveProperty('tools');
  expect(composer).not.toHaveProperty('models');
  expect(threadItemActions).toEqual({ feedback: false, retry: false });
  expect(entities ?? commands).toBeUndefined();
});

test('[003/FR-014] a hosted element never gets an empty domain key, which it would refuse', () => {
  expect(optionsFor('openai', '').api).toMatchObject({ domainKey: 'local-dev' });
});

test('[003/FR-068] the page says when the built-in assistant answers', () => {
  expect(optionsFor('offline').disclaimer?.text).toContain('built-in assistant');
  expect(optionsFor('openai').disclaimer?.text).not.toContain('built-in assistant');
});
