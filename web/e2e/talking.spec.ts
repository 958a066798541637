import { expect, newAccount, PASSWORD, test } from './support/test';

test('[003/FR-031] an empty conversation greets and offers sentences to start with', async ({
  chat,
}) => {
  await expect(chat.page.getByRole('heading', { name: /get done/ })).toBeVisible();

  await chat.page.getByRole('button', { name: 'Show my tasks' }).click();

  await expect(chat.answers).toHaveCount(1);
});

test('[003/FR-020] [003/FR-021] words, waiting sign, tool line and answer come one after the other', async ({
  chat,
  line,
}) => {
  line.pace = 120;

  await chat.composer.fill('Add a task to buy oranges');
  await chat.composer.press('Enter');

  await expect(chat.ownWords).toHaveText('Add a task to buy oranges');
  await expect(chat.page.getByText(/Thinking…|Adding/)).toBeVisible();
  await expect(chat.page.getByText('Added a task')).toBeVisible();
  await expect(chat.answers).toContainText(/oranges/i);
  await expect(chat.stopButton).toBeHidden();
});

test('[003/FR-050] a task is added by words, ticked, renamed and deleted in the list', async ({
  chat,
}) => {
  const { page } = chat;
  await chat.say('Add a task to read Emma');
  await chat.say('Show me all my tasks');

  await chat.row('read Emma').getByRole('checkbox').check();
  await expect(chat.list).toHaveAccessibleName(/^[1-9]\d* of/);
  await expect(chat.row('read Emma').getByRole('checkbox')).toBeChecked();

  const title = chat.row('read Emma').getByRole('textbox');
  await title.fill('read Emma again');
  await title.press('Enter');
  await expect(chat.row('read Emma again')).toBeVisible();
  await page.reload();
  await expect(chat.row('read Emma again').getByRole('checkbox')).toBeChecked();

  await chat
    .row('read Emma again')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(chat.row('read Emma again')).toBeHidden();
  await chat.say('Show me all my tasks');
  await expect(chat.row('read Emma again')).toBeHidden();
});

test('[003/FR-053] a tick in one list shows in the other lists of the conversation', async ({
  chat,
}) => {
  await chat.say('Add a task to compare two lists');
  await chat.say('Show me all my tasks');
  await chat.say('Show me all my tasks');
  const boxes = chat.page.getByRole('checkbox', { name: 'compare two lists' });
  await expect(boxes).toHaveCount(2);

  await boxes.last().check();

  await expect(boxes.first()).toBeChecked();
  await chat.say('Delete the task to compare two lists');
  await expect(boxes).toHaveCount(0);
});

test('[003/FR-021] [003/FR-136] what was done by words or in the list is undone by words', async ({
  chat,
}) => {
  await chat.say('Add a task to iron the shirts');
  await chat.say('Show me all my tasks');
  const box = chat.row('iron the shirts').getByRole('checkbox');
  await box.check();
  await expect(chat.row('iron the shirts').getByRole('textbox')).toHaveCSS(
    'text-decoration-line',
    'line-through',
  );

  await chat.say('Undo that');
  await expect(box).not.toBeChecked();

  await chat.say('Add a task to iron the trousers');
  await expect(chat.row('iron the trousers')).toHaveCount(1);
  await chat.say('Undo that');
  await expect(chat.row('iron the trousers')).toHaveCount(0);
  await expect(chat.row('iron the shirts')).toHaveCount(1);
});

test('[003/FR-022] Esc stops an answer, and the next one comes whole', async ({ chat, line }) => {
  line.pace = 400;
  await chat.begin('Add a task to sharpen pencils');
  await expect(chat.stopButton).toBeVisible();

  await chat.page.keyboard.press('Escape');

  await expect(chat.stopButton).toBeHidden();
  await expect(chat.ownWords).toHaveCount(1);
  line.pace = 0;
  await chat.say('Show me all my tasks');
  await expect(chat.list).toBeVisible();
});

test('[003/FR-022] a double click on Send sends and does not stop', async ({ chat, line }) => {
  line.pace = 60;
  await chat.composer.fill('Add a task to press twice');

  await chat.sendButton.dblclick();

  await expect(chat.answers).toContainText(/press twice/i);
});

test('[003/FR-032] a text too long for one message stays whole and says why it is not sent', async ({
  chat,
}) => {
  const { page, composer } = chat;
  const text = 'word '.repeat(20_000);
  await page.evaluate((long) => navigator.clipboard.writeText(long), text);

  await composer.focus();
  await page.keyboard.press('ControlOrMeta+v');
  await page.keyboard.press('Enter');

  await expect(page.getByRole('alert')).toContainText('8,000 characters');
  await expect(composer).toHaveValue(text);
  await expect(chat.ownWords).toHaveCount(0);
  expect(await chat.violations()).toEqual([]);
  await composer.fill('Add a task to be brief');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('[003/FR-033] words that did not get through survive a reload, and so do those being written', async ({
  chat,
  line,
}) => {
  await chat.say('Add a task to begin with');
  line.down = true;
  await chat.begin('Add a task to be patient');
  await expect(chat.page.getByRole('alert')).toContainText('cannot be reached');
  await chat.composer.fill('Half a sent');

  line.down = false;
  await chat.page.reload();

  await expect(chat.composer).toHaveValue('Add a task to be patient\nHalf a sent');
  await expect(chat.ownWords).toHaveText(['Add a task to begin with']);
});

test('[003/FR-025] a server that is away is said, and trying again sends the words once', async ({
  chat,
  line,
}) => {
  await chat.say('Add a task to feed the cat');
  line.down = true;
  await chat.begin('Add a task to feed the dog');
  await expect(chat.page.getByRole('alert')).toContainText('cannot be reached');

  line.down = false;
  await chat.page.getByRole('button', { name: 'Try again' }).click();

  await expect(chat.answers).toHaveCount(2);
  await expect(chat.ownWords).toHaveCount(2);
  await chat.page.reload();
  await expect(chat.ownWords).toHaveCount(2);
});

test('[003/FR-029] a connection that breaks in an answer is said, and the turn goes on without doing twice', async ({
  chat,
  line,
}) => {
  line.pace = 300;
  await chat.begin('Add a task to wash the car');
  await expect(chat.page.getByText(/Add(ing|ed) a task/).first()).toBeVisible();
  line.cut();
  await expect(chat.page.getByRole('alert')).toContainText('broke off');

  line.pace = 0;
  await chat.page.getByRole('button', { name: 'Try again' }).click();
  await expect(chat.answers).toHaveCount(1);
  await chat.say('Show me all my tasks');

  await expect(chat.row('wash the car')).toHaveCount(1);
});

test('[003/FR-027] an answer can be copied', async ({ chat }) => {
  await chat.say('Add a task to learn the flute');

  await chat.page.getByRole('button', { name: 'Copy answer' }).click();

  await expect(chat.page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await chat.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/flute/i);
});

test('[003/FR-028] new text scrolls into view only for who is near the bottom', async ({
  chat,
}) => {
  const { page } = chat;
  await page.setViewportSize({ width: 700, height: 420 });
  for (const what of ['a', 'b', 'c']) await chat.say(`Add a task to buy ${what}pples`);
  await expect(chat.answers.last()).toBeInViewport();

  const messages = page.getByRole('region', { name: 'Messages' });
  await messages.evaluate((element) => element.scrollTo({ top: 0 }));
  const jump = page.getByRole('button', { name: 'Jump to the newest message' });
  await expect(jump).toBeVisible();
  await jump.click();

  await expect(chat.answers.last()).toBeInViewport();
  await expect(jump).toBeHidden();
});

test('[003/FR-067] a finished answer is announced once, not word by word', async ({
  chat,
  line,
}) => {
  line.pace = 60;
  const announcements = await chat.page.evaluateHandle(() => {
    const heard: string[] = [];
    const region = document.querySelector('[aria-live="polite"]');
    if (region) {
      new MutationObserver(() => {
        if (region.textContent) heard.push(region.textContent);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    }
    return heard;
  });

  await chat.say('Add a task to plant tulips');
  await expect(chat.page.locator('[aria-live="polite"]')).toContainText(/tulips/i);

  expect(await announcements.jsonValue()).toHaveLength(1);
});

test('[003/FR-068] the built-in assistant says that it answers, with sentences that can be pressed', async ({
  chat,
  line,
}) => {
  line.provider = 'offline';
  await chat.open();
  await expect(chat.page.getByText('The built-in assistant answers')).toBeVisible();

  await chat.page.getByRole('button', { name: 'Built-in assistant' }).click();
  await chat.page.getByRole('button', { name: 'Add a task to buy groceries' }).last().click();

  await expect(chat.composer).toHaveValue('Add a task to buy groceries');
  await expect(chat.composer).toBeFocused();
});

test('[003/FR-068] another assistant does not', async ({ chat, line }) => {
  line.provider = 'openai';
  await chat.open();

  await expect(chat.page.getByText('The built-in assistant answers')).toBeHidden();
  await expect(chat.page.getByRole('button', { name: 'Built-in assistant' })).toBeHidden();
});

test('[003/FR-040] a second person sees nothing of the first', async ({ chat, context }) => {
  await chat.say('Add a task to hide the presents');
  await context.clearCookies();
  const { page } = chat;
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();

  const { email, name } = newAccount('Mallory');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('What you talk about will be listed here.')).toBeVisible();
  await chat.say('Show me all my tasks');

  await expect(page.getByText('hide the presents')).toBeHidden();
});
