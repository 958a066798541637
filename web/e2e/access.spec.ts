import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

const schemes = ['light', 'dark'] as const;

for (const colorScheme of schemes) {
  test(`[003/FR-063] axe finds nothing on the sign-in screens (${colorScheme})`, async ({
    signedOut,
  }) => {
    const { page } = signedOut;
    await page.emulateMedia({ colorScheme });
    await page.goto(signedOut.origin);
    await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
    expect(await signedOut.violations()).toEqual([]);

    await page.getByRole('button', { name: 'Create an account' }).click();

    expect(await signedOut.violations()).toEqual([]);
  });

  test(`[003/FR-063] axe finds nothing in the chat (${colorScheme})`, async ({ chat, line }) => {
    const { page } = chat;
    line.provider = 'offline';
    await page.emulateMedia({ colorScheme });
    await chat.open();
    expect(await chat.violations(), 'start').toEqual([]);

    await chat.say('Add a task to buy tea');
    await chat.say('Show me all my tasks');
    await chat.row('buy tea').getByRole('checkbox').first().check();
    expect(await chat.violations(), 'list').toEqual([]);

    await page.getByRole('button', { name: 'Built-in assistant' }).click();
    expect(await chat.violations(), 'note').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Your account' }).click();
    expect(await chat.violations(), 'account').toEqual([]);
    await page.keyboard.press('Escape');

    line.down = true;
    await chat.begin('Are you there?');
    await expect(page.getByRole('alert')).toBeVisible();
    expect(await chat.violations(), 'failure').toEqual([]);

    await page
      .getByRole('button', { name: /^Delete Add/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    expect(await chat.violations(), 'question').toEqual([]);
  });

  test(`[003/FR-063] axe finds nothing at 390 pixels (${colorScheme})`, async ({ chat }) => {
    const { page } = chat;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 780 });
    await chat.say('Show me all my tasks');
    expect(await chat.violations(), 'chat').toEqual([]);

    await page.getByRole('button', { name: 'Conversations' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();

    expect(await chat.violations(), 'drawer').toEqual([]);
  });
}

test('[003/FR-064] the scheme follows the system while the page is open', async ({ chat }) => {
  const { page } = chat;
  const background = () =>
    page.locator('.chat').evaluate((element) => getComputedStyle(element).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background();

  await page.emulateMedia({ colorScheme: 'dark' });

  await expect.poll(background).not.toBe(light);
});

test('[003/FR-062] everything can be done by keyboard alone', async ({ chat }) => {
  const { page } = chat;
  const { keyboard } = page;
  await expect(chat.composer).toBeFocused();
  await keyboard.type('Add a task to buy candles');
  await keyboard.press('Enter');
  await expect(chat.answers).toHaveCount(1);
  await expect(chat.sendButton).toBeVisible();
  await keyboard.type('Show me all my tasks');
  await keyboard.press('Enter');
  await expect(chat.answers).toHaveCount(2);

  const row = chat.row('buy candles').first();
  await row.getByRole('checkbox').focus();
  await keyboard.press('Space');
  await expect(row.getByRole('checkbox')).toBeChecked();
  await expect(row.getByRole('checkbox')).toBeFocused();
  await keyboard.press('Tab');
  await expect(row.getByRole('textbox')).toBeFocused();
  await keyboard.press('End');
  await keyboard.type(' and matches');
  await keyboard.press('Enter');
  await expect(chat.row('buy candles and matches')).toBeVisible();

  await page.getByRole('button', { name: 'Your account' }).focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Your account' })).toBeFocused();

  await page
    .getByRole('button', { name: /^Delete Add a task to buy candles/ })
    .first()
    .focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await keyboard.press('Escape');
  await expect(
    page.getByRole('button', { name: /^Delete Add a task to buy candles/ }).first(),
  ).toBeFocused();
});

test('[003/FR-062] on the way through the page the focus is always visible', async ({ chat }) => {
  const { page } = chat;
  await chat.say('Show me all my tasks');
  const seen = new Set<string>();

  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      // The composer's text area shows its focus by the frame around it.
      const shown =
        element.closest('.composer') && element.matches('textarea')
          ? element.parentElement
          : element;
      const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(shown ?? element);
      const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
      return {
        name,
        visible: outlineStyle !== 'none' && outlineWidth !== '0px',
        borderColor,
        frame: shown !== element,
      };
    });
    if (!focused) continue;
    seen.add(focused.name);
    expect(focused.visible || focused.frame, focused.name).toBe(true);
  }

  expect(seen.size).toBeGreaterThan(6);
});

test('[003/FR-061] `/` leads to the composer and is an ordinary letter in it', async ({ chat }) => {
  const { page } = chat;
  await page.getByRole('button', { name: 'Your account' }).focus();

  await page.keyboard.press('/');
  await expect(chat.composer).toBeFocused();
  await page.keyboard.type('and/or');

  await expect(chat.composer).toHaveValue('and/or');
});

test('[003/FR-061] Esc closes what is open before it stops an answer', async ({ chat, line }) => {
  const { page } = chat;
  line.pace = 1500;
  await chat.begin('Add a task to tune the piano');
  await page.getByRole('button', { name: 'Your account' }).click();

  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden();
  await expect(chat.stopButton).toBeVisible();
  await page.keyboard.press('Escape');

  await expect(chat.stopButton).toBeHidden();
});

test('[003/FR-065] at 390 pixels nothing scrolls sideways and everything is large enough to touch', async ({
  chat,
}) => {
  const { page } = chat;
  await page.setViewportSize({ width: 390, height: 780 });
  await chat.say(`Add a task to read ${'Donaudampfschifffahrt'.repeat(4)}`);
  await chat.say('Show me all my tasks');

  expect(await sideways(page)).toEqual([]);
  const small = await page
    .getByRole('button')
    .or(page.getByRole('checkbox'))
    .evaluateAll((elements) =>
      elements
        .map((element) => ({
          name: element.getAttribute('aria-label'),
          box: element.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.height > 0 && (box.height < 44 || box.width < 44))
        .map(({ name }) => name),
    );

  expect(small).toEqual([]);
});

test('[003/FR-065] at a zoom of 400 % nothing scrolls sideways and there is room for the words', async ({
  chat,
}) => {
  const { page } = chat;
  await page.setViewportSize({ width: 320, height: 256 });
  await expect(page.getByRole('heading', { name: /get done/ })).toBeInViewport();
  await chat.say(`Add a task to read ${'Donaudampfschifffahrt'.repeat(4)}`);
  await chat.say('Show me all my tasks');

  expect(await sideways(page)).toEqual([]);
  await expect(chat.answers.last()).toBeInViewport();
});

/** What scrolls sideways. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      .filter(
        (element) =>
          getComputedStyle(element).overflowX === 'auto' || element === document.documentElement,
      )
      .map((element) => element.className),
  );
}

test('[003/FR-066] Urdu and English each keep their direction, in one list', async ({ chat }) => {
  const title = 'دودھ اور روٹی خریدنا';
  await chat.say(`Add a task to ${title}`);
  await chat.say('Show me all my tasks');
  await chat.composer.fill('کام دکھاؤ');

  const direction = (name: string | RegExp) =>
    chat.list
      .getByRole('textbox', { name })
      .first()
      .evaluate((element) => getComputedStyle(element).direction);
  expect(await direction(new RegExp(title))).toBe('rtl');
  expect(await chat.composer.evaluate((element) => getComputedStyle(element).direction)).toBe(
    'rtl',
  );
  await chat.composer.fill('');
  await chat.say('Add a task to buy honey');
  await chat.say('Show me all my tasks');
  expect(await direction('Rename buy honey')).toBe('ltr');
});

test('[003/FR-069] for a person who asked for less motion nothing moves', async ({
  chat,
  line,
}) => {
  const { page } = chat;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  line.pace = 400;
  await chat.begin('Add a task to sit still');
  await expect(chat.stopButton).toBeVisible();

  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
