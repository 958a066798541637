import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** The page as a person meets it: found by what it says, not by how it is made. */
export class Chat {
  readonly page: Page;
  readonly origin: string;
  readonly composer: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly answers: Locator;
  readonly ownWords: Locator;
  readonly list: Locator;

  constructor(page: Page, origin: string) {
    this.page = page;
    this.origin = origin;
    this.composer = page.getByRole('textbox', { name: 'Message' });
    this.sendButton = page.getByRole('button', { name: 'Send' });
    this.stopButton = page.getByRole('button', { name: 'Stop' });
    this.answers = page.getByRole('article', { name: 'Assistant' });
    this.ownWords = page.getByRole('article', { name: 'You' });
    this.list = page.getByRole('region', { name: /done$/ }).last();
  }

  async open(): Promise<void> {
    await this.page.goto(this.origin);
    await expect(this.composer).toBeVisible();
  }

  /** Says something and waits until the answer is complete. */
  async say(words: string): Promise<void> {
    const before = await this.answers.count();
    await this.begin(words);
    await expect(this.sendButton).toBeVisible();
    await expect(this.answers).not.toHaveCount(before);
  }

  /** Says something and waits for nothing. */
  async begin(words: string): Promise<void> {
    await expect(this.sendButton).toBeVisible();
    await this.composer.fill(words);
    await this.composer.press('Enter');
    await expect(this.ownWords.last()).toContainText(words);
  }

  row(title: string): Locator {
    return this.list
      .getByRole('listitem')
      .filter({ has: this.page.getByRole('checkbox', { name: title }) });
  }

  /** What axe has against the screen as it is now. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(() =>
      Promise.all(document.getAnimations().map(({ finished }) => finished)),
    );
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }
}
