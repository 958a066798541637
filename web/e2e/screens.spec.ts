import { expect, signUp, test } from './support/test';

const folder = process.env.SCREENS_DIR ?? `${process.env.RESULTS_DIR ?? '../.results'}/screens`;

/** Pictures of the main screens, to be looked at by a person. */
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [device, width] of [
    ['desk', 1200],
    ['telephone', 390],
  ] as const) {
    test(`[003/FR-064] [003/FR-065] pictures (${colorScheme}, ${device})`, async ({
      signedOut,
      baseURL,
      context,
      line,
    }) => {
      const { page } = signedOut;
      const picture = (name: string) =>
        page.screenshot({
          path: `${folder}/${device}-${colorScheme}-${name}.png`,
          animations: 'disabled',
        });
      line.provider = 'offline';
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 780 });
      await page.goto(signedOut.origin);
      await page.getByRole('button', { name: 'Create an account' }).click();
      await picture('1-sign-up');

      const { cookies } = await signUp(baseURL ?? ''); // whose list has nothing of other tests
      await context.addCookies(cookies);
      await signedOut.open();
      await picture('2-start');
      await signedOut.say('Add call the dentist, water the plants, buy milk');
      await page.getByRole('button', { name: 'New conversation' }).first().click();
      await signedOut.say('Add a task to دودھ اور روٹی خریدنا');
      await signedOut.say('Show me all my tasks');
      await signedOut.row('call the dentist').getByRole('checkbox').check();
      await expect(signedOut.list).toHaveAccessibleName(/^1 of/);
      await picture('3-list');

      line.pace = 500;
      await signedOut.begin('What is pending?');
      await expect(signedOut.stopButton).toBeVisible();
      await picture('4-waiting');
      line.cut();
      await expect(page.getByRole('alert')).toBeVisible();
      await picture('5-failure');
      if (device === 'telephone') {
        await page.getByRole('button', { name: 'Conversations' }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await picture('6-history');
      }
    });
  }
}
