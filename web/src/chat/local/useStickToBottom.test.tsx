import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useStickToBottom } from './useStickToBottom';

function Talk() {
  const { scroller, content } = useStickToBottom();
  return (
    <div ref={scroller} data-testid="talk">
      <div ref={content} />
    </div>
  );
}

/** Show a talk of a height that changes; jsdom lays nothing out and reports no sizes. */
function talk() {
  let resized = () => {};
  let height = 400;
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        resized = callback;
      }
      observe() {}
      disconnect() {}
    },
  );
  render(<Talk />);
  const element = screen.getByTestId('talk');
  let top = 0;
  Object.defineProperties(element, {
    clientHeight: { value: 100 },
    scrollHeight: { get: () => height },
    scrollTop: {
      get: () => top,
      set: (wanted: number) => {
        top = Math.min(wanted, height - 100);
      },
    },
  });
  return {
    element,
    grow: (by: number) => {
      height += by;
    },
    resized: () => resized(),
  };
}

test('[003/FR-028] what arrives before our own scrolling is told does not lose the end', () => {
  const { element, grow, resized } = talk();
  resized();
  grow(300);

  fireEvent.scroll(element);
  resized();

  expect(element.scrollTop).toBe(600);
});

test('[003/FR-028] who goes up stays there, whatever arrives', () => {
  const { element, grow, resized } = talk();
  resized();
  element.scrollTop = 50;
  fireEvent.scroll(element);
  grow(300);

  resized();

  expect(element.scrollTop).toBe(50);
});
