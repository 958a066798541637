import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { Composer } from './Composer';

function composer(props: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSend = vi.fn();
  const onStop = vi.fn();
  render(
    <Composer
      ref={null}
      draft="Add buy milk"
      placeholder="Write"
      phase="ready"
      canStop={true}
      locked={false}
      onChange={() => {}}
      onSend={onSend}
      onStop={onStop}
      {...props}
    />,
  );
  return { field: screen.getByRole('textbox'), onSend, onStop };
}

test('[003/FR-060] Enter sends', () => {
  const { field, onSend } = composer();

  expect(fireEvent.keyDown(field, { key: 'Enter' })).toBe(false); // and breaks no line
  expect(onSend).toHaveBeenCalledWith('Add buy milk');
});

test.each([
  ['Shift+Enter', { shiftKey: true }],
  ['the Enter that ends a composition', { isComposing: true }],
  ['the same Enter in Safari', { keyCode: 229 }],
])('[003/FR-060] %s does not send', (_name, extra) => {
  const { field, onSend } = composer();

  fireEvent.keyDown(field, { key: 'Enter', ...extra });

  expect(onSend).not.toHaveBeenCalled();
});

test('nothing is sent while an answer is on its way, or without words', () => {
  const answering = composer({ phase: 'answering' });
  fireEvent.keyDown(answering.field, { key: 'Enter' });
  expect(answering.onSend).not.toHaveBeenCalled();
});

test('without words there is nothing to send', () => {
  const empty = composer({ draft: '  ' });
  fireEvent.keyDown(empty.field, { key: 'Enter' });
  expect(empty.onSend).not.toHaveBeenCalled();
});

test('[003/FR-022] an answer on its way can be stopped by a button', () => {
  const { onStop } = composer({ phase: 'answering' });
  const button = screen.getByRole('button', { name: 'Stop' });

  fireEvent.click(button, { detail: 2 }); // what is left of a double click on Send
  expect(onStop).not.toHaveBeenCalled();
  fireEvent.click(button, { detail: 1 });

  expect(onStop).toHaveBeenCalledOnce();
});

test('[003/FR-032] a message that is too long stays whole, is not sent and says why', () => {
  const draft = 'word '.repeat(1_601);
  const { field, onSend } = composer({ draft });

  fireEvent.keyDown(field, { key: 'Enter' });

  expect(onSend).not.toHaveBeenCalled();
  expect((field as HTMLTextAreaElement).value).toBe(draft);
  expect(screen.getByRole('alert').textContent).toContain('8,000 characters');
  expect(field.getAttribute('aria-invalid')).toBe('true');
});

test('[003/FR-066] the words find their own direction', () => {
  expect(composer().field.getAttribute('dir')).toBe('auto');
});
