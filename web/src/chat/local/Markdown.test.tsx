import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Markdown } from './Markdown';

test('[003/FR-026] links open in a new tab that knows nothing of the page', () => {
  render(<Markdown text="See [the docs](https://example.com/a)." />);

  const link = screen.getByRole('link', { name: 'the docs' });
  expect(link.getAttribute('target')).toBe('_blank');
  expect(link.getAttribute('rel')).toBe('noopener noreferrer');
});

test('[003/FR-026] images, HTML and dangerous links do not come through', () => {
  const text =
    '![a cat](https://example.com/cat.png) <img src=x onerror=alert(1)> [x](javascript:alert(1))';
  const { container } = render(<Markdown text={text} />);

  expect(container.querySelector('img')).toBeNull();
  expect(container.textContent).toContain('a cat');
  expect(container.querySelector('a')?.getAttribute('href')).toBe('');
});

test('[003/FR-063] headings come one rank below the page’s, and a list of tasks says what is done', () => {
  render(<Markdown text={'# A\n\n##### B\n\n- [ ] milk\n- [x] bread'} />);

  expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(2);
  expect(screen.queryByRole('checkbox')).toBeNull();
  expect(screen.getByRole('img', { name: 'done' }).parentElement?.textContent).toContain('bread');
});

test('[003/FR-066] each block finds its own direction', () => {
  const { container } = render(<Markdown text={'دودھ خریدنا\n\n- one\n- دو\n\n> three'} />);

  const blocks = container.querySelectorAll('p, ul, li, blockquote');
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) expect(block.getAttribute('dir')).toBe('auto');
});
