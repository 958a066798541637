import { test as base, request } from '@playwright/test';
import { Chat } from './chat';
import { Line } from './line';

export const PASSWORD = 'correct horse battery';

export type Account = { email: string; name: string };

type Fixtures = { line: Line; chat: Chat; signedOut: Chat };
type WorkerFixtures = { account: Account & { cookies: Cookies } };
type Cookies = Awaited<
  ReturnType<import('@playwright/test').APIRequestContext['storageState']>
>['cookies'];

let counter = 0;

/** Somebody nobody else in these tests is. */
export function newAccount(name = 'Ada Lovelace'): Account {
  counter += 1;
  return { email: `ada-${Date.now()}-${process.pid}-${counter}@example.com`, name };
}

export { expect } from '@playwright/test';

/** Tests with a line of their own to the stack; `chat` is signed in, `signedOut` is not. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  // One account for all: signing up is rate limited, and a new conversation is isolation enough.
  account: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
    async ({}, use, { project }) => {
      const stack = project.use.baseURL ?? '';
      const api = await request.newContext({ baseURL: stack, extraHTTPHeaders: { Origin: stack } });
      const account = newAccount();
      const answer = await api.post('/api/auth/sign-up/email', {
        data: { ...account, password: PASSWORD },
      });
      if (!answer.ok()) throw new Error(`Sign-up was answered ${answer.status()}.`);
      const { cookies } = await api.storageState();
      await use({ ...account, cookies });
      await api.dispose();
    },
    { scope: 'worker' },
  ],

  line: async ({ baseURL }, use) => {
    const line = new Line(baseURL ?? '');
    await use(line);
    await line.close();
  },

  signedOut: async ({ page, line }, use) => {
    await use(new Chat(page, await line.open()));
  },

  chat: async ({ context, page, line, account }, use) => {
    await context.addCookies(account.cookies);
    const chat = new Chat(page, await line.open());
    await chat.open();
    await use(chat);
  },
});
