import { test as base, request } from '@playwright/test';
import { Chat } from './chat';
import { Line } from './line';

export const PASSWORD = 'correct horse battery';

export type Account = { email: string; name: string };

type Fixtures = { line: Line; chat: Chat; signedOut: Chat };
type SignedIn = Account & { cookies: Cookies };
type WorkerFixtures = { account: SignedIn };
type Cookies = Awaited<
  ReturnType<import('@playwright/test').APIRequestContext['storageState']>
>['cookies'];

let counter = 0;

/** Somebody nobody else in these tests is. */
export function newAccount(name = 'Ada Lovelace'): Account {
  counter += 1;
  return { email: `ada-${Date.now()}-${process.pid}-${counter}@example.com`, name };
}

/** Creates an account without the page, which has tests of its own for that. */
export async function signUp(stack: string): Promise<SignedIn> {
  const api = await request.newContext({ baseURL: stack, extraHTTPHeaders: { Origin: stack } });
  const account = newAccount();
  const data = { ...account, password: PASSWORD };
  const answer = await api.post('/api/auth/sign-up/email', { data });
  if (!answer.ok()) throw new Error(`Sign-up was answered ${answer.status()}.`);
  const { cookies } = await api.storageState();
  await api.dispose();
  return { ...account, cookies };
}

export { expect } from '@playwright/test';

/** Tests with a line of their own to the stack; `chat` is signed in, `signedOut` is not. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  // One account for all: signing up is rate limited, and a new conversation is isolation enough.
  account: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
    async ({}, use, { project }) => {
      await use(await signUp(project.use.baseURL ?? ''));
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
