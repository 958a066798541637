import { expect, newAccount, PASSWORD, test } from './support/test';

test('[003/FR-001] a person creates an account, signs out and signs in again', async ({
  signedOut,
}) => {
  const { page, composer } = signedOut;
  const { email, name } = newAccount('Grace Hopper');
  await page.goto(signedOut.origin);

  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(composer).toBeVisible();

  await page.getByRole('button', { name: 'Your account' }).click();
  await expect(page.getByText(email)).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();

  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(composer).toBeVisible();
});

test('[003/FR-002] a wrong password is explained and what was typed stays', async ({
  signedOut,
  account,
}) => {
  const { page } = signedOut;
  await page.goto(signedOut.origin);

  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill('wrong horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByRole('alert')).toContainText(/password/i);
  await expect(page.getByLabel('E-mail')).toHaveValue(account.email);
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('wrong horse battery');
});

test('[003/FR-002] a server that is away is told apart from a refusal', async ({
  signedOut,
  line,
}) => {
  const { page } = signedOut;
  await page.goto(signedOut.origin);
  await page.getByLabel('E-mail').fill('somebody@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);

  line.down = true;
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(page.getByRole('alert')).toContainText('cannot be reached');
});

test('[003/FR-005] no token can be found in any storage of the page', async ({ chat }) => {
  await chat.say('Add a task to buy stamps');

  const stored = await chat.page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );

  expect(stored).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  expect(stored).toContain('thr_'); // the look was at the right place
});

test('[003/FR-003] a token is renewed before it expires, in the middle of a talk', async ({
  chat,
  line,
}) => {
  await chat.page.clock.install();
  await chat.open();
  await chat.say('Add a task to water the plants');
  const before = line.count('/api/auth/token');

  await chat.page.clock.fastForward('14:30');
  await chat.say('Show me all my tasks');

  expect(line.count('/api/auth/token')).toBe(before + 1);
});

test('[003/FR-004] a refused token is renewed and the message goes through', async ({
  chat,
  line,
}) => {
  await chat.say('Add a task to call the bank');
  line.refuseNext(401);

  await chat.say('Show me all my tasks');

  await expect(chat.row('call the bank')).toBeVisible();
});

test('[003/FR-006] [003/FR-044] when the session has ended the words are still there after signing in', async ({
  chat,
  account,
  context,
}) => {
  const { page } = chat;
  await page.clock.install();
  await chat.open();
  await chat.say('Add a task to pay the rent');
  await expect(page).toHaveTitle('Add a task to pay the rent – Todo');

  await context.clearCookies();
  await page.clock.fastForward('20:00');
  await chat.composer.fill('Then add a task to phone Lena');
  await chat.composer.press('Enter');
  await expect(page.getByText('Your session has ended')).toBeVisible();
  await expect(page).toHaveTitle('Todo');
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await expect(chat.composer).toHaveValue('Then add a task to phone Lena');
  await expect(chat.ownWords).toHaveText(['Add a task to pay the rent']);
});
