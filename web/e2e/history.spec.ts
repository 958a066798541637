import { Chat } from './support/chat';
import { expect, test } from './support/test';

test('[003/FR-042] the last conversation opens again with the page', async ({ chat }) => {
  await chat.say('Add a task to mend the fence');

  await chat.page.reload();

  await expect(chat.ownWords).toHaveText('Add a task to mend the fence');
  await expect(chat.answers).toContainText(/mend the fence/i);
});

test('[003/FR-040] [003/FR-041] conversations are listed, opened, renamed and deleted after a question', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  const history = page.getByRole('navigation', { name: 'Conversations' });
  await chat.say('Add a task to oil the door');
  await history.getByRole('button', { name: 'New conversation' }).click();
  await expect(chat.ownWords).toHaveCount(0);
  await chat.say('Add a task to paint the door');
  const entries = history.getByRole('listitem');
  await expect(entries.first()).toContainText('paint the door');

  await entries.filter({ hasText: 'oil the door' }).first().getByRole('button').first().click();
  await expect(chat.ownWords).toHaveText('Add a task to oil the door');
  await chat.say('Show me all my tasks');
  await expect(entries.first()).toContainText('oil the door');

  await entries.filter({ hasText: 'oil the door' }).first().hover();
  await entries
    .filter({ hasText: 'oil the door' })
    .first()
    .getByRole('button', { name: /^Rename/ })
    .click();
  await page.keyboard.type('Doors and hinges');
  await page.keyboard.press('Enter');
  await expect(entries.filter({ hasText: 'Doors and hinges' })).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Doors and hinges');

  const renamed = entries.filter({ hasText: 'Doors and hinges' });
  await renamed.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(renamed).toHaveCount(1);

  line.refuseNext(503);
  await renamed.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(history.getByRole('alert')).toBeVisible();
  await expect(renamed).toHaveCount(1);
  await expect(chat.ownWords).toHaveCount(2);

  await renamed.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(renamed).toHaveCount(0);
  await expect(chat.ownWords).toHaveCount(0);
  await page.reload();
  await expect(renamed).toHaveCount(0);
});

test('[003/FR-042] a conversation that is gone gives a new one', async ({ chat }) => {
  const { page } = chat;
  await chat.say('Add a task to fold the laundry');
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('todo.thread.')) localStorage.setItem(key, 'thr_999999');
    }
  });

  await page.reload();

  await expect(page.getByRole('heading', { name: /get done/ })).toBeVisible();
  await expect(page.getByRole('alert')).toBeHidden();
});

test('[003/FR-043] what was said in another tab is there for who comes back to this one', async ({
  chat,
  context,
}) => {
  await chat.say('Add a task to use two tabs');
  const other = new Chat(await context.newPage(), chat.origin);
  await other.open();
  await other.say('Show me all my tasks');
  await expect(chat.ownWords).toHaveCount(1);

  // What a browser tells a page that is looked at again; a headless one has no tabs to change.
  await chat.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

  await expect(chat.ownWords).toHaveCount(2);
  await expect(chat.list).toBeVisible();
});

test('[003/FR-040] a history that cannot be read says so and can be tried again', async ({
  chat,
  line,
}) => {
  await expect(chat.page.getByText('Loading…')).toBeHidden(); // or that request is refused
  line.refuseNext(503);
  await chat.open();
  const history = chat.page.getByRole('navigation', { name: 'Conversations' });
  await expect(history.getByRole('alert')).toBeVisible();

  await history.getByRole('button', { name: 'Try again' }).click();

  await expect(history.getByRole('alert')).toBeHidden();
});
