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
      answering={false}
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
  const answering = composer({ answering: true });
  fireEvent.keyDown(answering.field, { key: 'Enter' });
  expect(answering.onSend).not.toHaveBeenCalled();
});

test('without words there is nothing to send', () => {
  const empty = composer({ draft: '  ' });
  fireEvent.keyDown(empty.field, { key: 'Enter' });
  expect(empty.onSend).not.toHaveBeenCalled();
});

test('[003/FR-022] an answer on its way can be stopped by a button', () => {
  const { onStop } = composer({ answering: true });

  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));

  expect(onStop).toHaveBeenCalledOnce();
});

test('[003/FR-066] the words find their own direction', () => {
  expect(composer().field.getAttribute('dir')).toBe('auto');
});
