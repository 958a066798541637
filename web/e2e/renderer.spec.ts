import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import type { ChatKitOptions } from '@openai/chatkit';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

const CDN = 'https://cdn.platform.openai.com/**';
const readyMs = 8_000;
const strict = [
  ...['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--ignoreConfig'],
  ...['--module', 'esnext', '--moduleResolution', 'bundler'],
];

/** A stand-in for OpenAI's script: an element that remembers its options, and may say that it is ready. */
const standIn = (ready: boolean) => `
  customElements.define('openai-chatkit', class extends HTMLElement {
    setOptions(options) {
      this.options = options;
      this.textContent = 'The hosted chat';
      if (${ready}) setTimeout(() => this.dispatchEvent(new CustomEvent('chatkit.ready')), 10);
    }
    async setComposerValue(value) { this.value = value; }
    async focusComposer() {}
  });`;

const serve = (page: Page, body: string, contentType = 'text/javascript') =>
  page.route(CDN, (route) => route.fulfill({ contentType, body }));

test('[003/FR-011] [003/FR-070] with `ui: local` no other origin is contacted and the policy is kept', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  const asked = new Set<string>();
  const refused: string[] = [];
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Trusted/i.test(message.text())) refused.push(message.text());
  });
  line.ui = 'local';
  await chat.open();
  await chat.say('Add a task to stay at home');
  await chat.say('Show me all my tasks');

  expect([...asked]).toEqual([chat.origin]);
  expect(refused).toEqual([]);
});

test('[003/FR-016] a part that does not load is told, and an answer is shown without its looks', async ({
  signedOut,
  account,
  context,
}) => {
  const { page } = signedOut;
  await context.addCookies(account.cookies);
  await page.route('**/LocalChat-*.js', (route) => route.abort());
  await page.route('**/Markdown-*.js', (route) => route.abort());
  await page.goto(signedOut.origin);
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  expect(await signedOut.violations()).toEqual([]);

  await page.unroute('**/LocalChat-*.js');
  await page.getByRole('button', { name: 'Try again' }).click();
  await signedOut.say('Add a task to look plain');

  await expect(signedOut.answers).toContainText(/look plain/i);
});

test('[003/FR-012] [003/FR-010] with `ui: auto` the hosted element is used once it is ready', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  await serve(page, standIn(true));
  line.ui = 'auto';
  await page.clock.install();
  await page.goto(chat.origin);
  const hosted = page.getByText('The hosted chat');
  await expect(hosted).toBeVisible();

  await page.clock.fastForward(2 * readyMs);

  await expect(hosted).toBeVisible();
  await expect(chat.composer).toBeHidden();
});

test('[003/FR-014] the hosted element gets options of the published kinds, and reaches our endpoint by them', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  await serve(page, standIn(true));
  line.ui = 'auto';
  await page.goto(chat.origin);
  await expect(page.getByText('The hosted chat')).toBeVisible();

  const options = await page.evaluate(() => {
    const element = document.querySelector('openai-chatkit') as unknown as {
      options: ChatKitOptions;
    };
    return JSON.parse(JSON.stringify(element.options)) as ChatKitOptions;
  });
  const status = await page.evaluate(async () => {
    const element = document.querySelector('openai-chatkit') as unknown as {
      options: ChatKitOptions;
    };
    const { api } = element.options;
    if (!('url' in api) || !api.fetch) return null;
    const body = JSON.stringify({ type: 'threads.list', params: { limit: 1 } });
    const headers = { 'Content-Type': 'application/json' };
    return (await api.fetch(api.url, { method: 'POST', headers, body })).status;
  });

  expect(complaints(options)).toBe('');
  expect(options).toMatchObject({
    api: {
      url: expect.stringMatching(/^\/api\/[^/]+\/chat$/),
      domainKey: expect.stringMatching(/./),
    },
    composer: { attachments: { enabled: false } },
    threadItemActions: { feedback: false, retry: false },
  });
  expect(status).toBe(200);
});

/** What the compiler has against options, by the types that @openai/chatkit publishes. */
function complaints(options: object): string {
  const file = 'e2e/given-options.ts'; // here, where the types are found
  const code = `import type { ChatKitOptions } from '@openai/chatkit';
export const given: ChatKitOptions = ${JSON.stringify(options)};
// @ts-expect-error -- or the compiler would not look at all
export const other: ChatKitOptions = ${JSON.stringify({ ...options, api: {} })};`;
  try {
    writeFileSync(file, code);
    return spawnSync('node_modules/.bin/tsc', [...strict, file], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(file, { force: true });
  }
}

test('[003/FR-012] a refused script means our own chat at once', async ({ chat, line }) => {
  await chat.page.route(CDN, (route) => route.abort('connectionfailed'));
  line.ui = 'auto';

  await chat.open();

  await chat.say('Show me all my tasks');
});

for (const [name, body, contentType] of [
  ['a page of somebody else', '<html>Blocked by your administrator</html>', 'text/html'],
  ['an element that is never ready', standIn(false), 'text/javascript'],
] as const) {
  test(`[003/FR-012] ${name} means our own chat after a while, and at once the next time`, async ({
    chat,
    line,
  }) => {
    const { page } = chat;
    await serve(page, body, contentType);
    line.ui = 'auto';
    await page.clock.install();
    await page.goto(chat.origin);
    await expect(page.getByText(/Opening your list|The hosted chat/)).toBeVisible();

    await page.clock.runFor(2 * readyMs);
    await expect(chat.composer).toBeVisible();

    await page.unroute(CDN);
    await page.route(CDN, () => {
      throw new Error('The page must not ask again.');
    });
    await page.reload();
    await expect(chat.composer).toBeVisible();
  });
}

test('[003/FR-012] a silent network means our own chat after a while', async ({ chat, line }) => {
  const { page } = chat;
  await page.route(CDN, () => {}); // neither answered nor refused
  line.ui = 'auto';
  await page.clock.install();
  await page.goto(chat.origin);
  await expect(page.getByText('Opening your list')).toBeVisible();

  await page.clock.runFor(readyMs);

  await expect(chat.composer).toBeVisible();
});

test('[003/FR-012] a person can leave the hosted element for our own chat', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  await serve(page, standIn(true));
  line.ui = 'auto';
  await page.goto(chat.origin);
  await page.getByRole('button', { name: 'Your account' }).click();

  await page.getByRole('button', { name: 'Use the built-in chat' }).click();

  await expect(chat.composer).toBeVisible();
});

test('[003/FR-013] with `ui: hosted` a failure is reported, not replaced', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  await page.route(CDN, (route) => route.abort('connectionfailed'));
  line.ui = 'hosted';
  await page.goto(chat.origin);
  await expect(page.getByRole('alert')).toContainText('did not load');
  await page.unroute(CDN);
  await serve(page, standIn(true));

  await page.getByRole('button', { name: 'Try again' }).click();

  await expect(page.getByText('The hosted chat')).toBeVisible();
});
