import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { taskList } from '../../../test/taskList';
import { ItemBoundary } from '../ItemBoundary';
import type { Action, WidgetNode } from '../protocol/types';
import { Widget } from './Widget';

const idle = async () => {};
const milk = { id: 1, title: 'Buy milk' };
const mom = { id: 3, title: 'Call mom', completed: true };

test('[003/FR-052] every row has a checkbox, a title and a button, named by their task', () => {
  render(<Widget root={taskList(milk, mom)} act={idle} />);

  const names = ['Buy milk', 'Call mom'];
  expect(screen.getAllByRole('checkbox')).toHaveLength(2);
  for (const name of names) {
    expect(screen.getByRole('checkbox', { name })).toBeTruthy();
    expect(screen.getByRole('textbox', { name: `Rename ${name}` })).toBeTruthy();
    expect(screen.getByRole('button', { name: `Delete: ${name}` })).toBeTruthy();
  }
  expect((screen.getByRole('checkbox', { name: 'Call mom' }) as HTMLInputElement).checked).toBe(
    true,
  );
  expect(screen.getByText('1 of 2 done')).toBeTruthy();
});

test('[003/FR-050] ticking shows the wanted state at once and sends it', async () => {
  const seen: Action[] = [];
  let answer = () => {};
  const act = (action: Action) =>
    new Promise<void>((resolve) => {
      seen.push(action);
      answer = resolve;
    });
  const { rerender } = render(<Widget root={taskList(milk)} act={act} />);
  const checkbox = screen.getByRole('checkbox') as HTMLInputElement;

  fireEvent.click(checkbox);
  fireEvent.click(checkbox); // an impatient second click is not a second action
  expect(checkbox.checked).toBe(true);
  rerender(<Widget root={taskList({ ...milk, completed: true })} act={act} />);
  answer();

  await waitFor(() => expect(checkbox.getAttribute('aria-busy')).toBe('false'));
  expect(checkbox.checked).toBe(true);
  expect(seen.map(({ type, payload }) => [type, payload])).toEqual([
    ['task.set_completed', { task_id: 1, completed: true }],
  ]);
});

test('[003/FR-051] a tick that does not work is taken back and explained', async () => {
  const act = vi.fn(() => Promise.reject(new Error('The list is locked.')));
  render(<Widget root={taskList(milk)} act={act} />);
  const checkbox = screen.getByRole('checkbox') as HTMLInputElement;

  fireEvent.click(checkbox);

  expect((await screen.findByRole('alert')).textContent).toBe('The list is locked.');
  expect(checkbox.checked).toBe(false);
});

test('[003/FR-050] Enter in a title renames the task, and the form cannot name another one', async () => {
  const act = vi.fn(idle);
  render(<Widget root={taskList(milk)} act={act} />);
  const title = screen.getByRole('textbox');

  fireEvent.change(title, { target: { value: 'Buy oat milk' } });
  fireEvent.keyDown(title, { key: 'Enter' });

  await waitFor(() => expect(act).toHaveBeenCalledOnce());
  expect(act).toHaveBeenCalledWith(
    expect.objectContaining({
      type: 'task.rename',
      payload: { title: 'Buy oat milk', task_id: 1 },
    }),
  );
});

test('[003/FR-050] Esc in a title puts it back and sends nothing', () => {
  const act = vi.fn(idle);
  render(<Widget root={taskList(milk)} act={act} />);
  const title = screen.getByRole('textbox') as HTMLTextAreaElement;

  fireEvent.change(title, { target: { value: 'Something else' } });
  fireEvent.keyDown(title, { key: 'Escape' });
  fireEvent.blur(title);

  expect(title.value).toBe('Buy milk');
  expect(act).not.toHaveBeenCalled();
});

test('[003/FR-051] a rename that does not work puts the title back', async () => {
  const act = () => Promise.reject(new Error('Too long.'));
  render(<Widget root={taskList(milk)} act={act} />);
  const title = screen.getByRole('textbox') as HTMLTextAreaElement;

  fireEvent.change(title, { target: { value: 'Something else' } });
  fireEvent.blur(title);

  await screen.findByRole('alert');
  expect(title.value).toBe('Buy milk');
});

test('[003/FR-062] when a deleted row had the focus, the next row gets it', async () => {
  const { rerender } = render(<Widget root={taskList(milk, mom)} act={idle} />);
  const button = screen.getByRole('button', { name: 'Delete: Buy milk' });

  act(() => button.focus());
  fireEvent.click(button);
  rerender(<Widget root={taskList(mom)} act={idle} />);

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('checkbox')));
});

test('[003/FR-054] of a long list the first rows are shown, and the others when asked for', () => {
  const rows = Array.from({ length: 120 }, (_, i) => ({ id: i + 1, title: `Task ${i + 1}` }));
  const { rerender } = render(<Widget root={taskList(...rows)} act={idle} />);
  expect(screen.getAllByRole('checkbox')).toHaveLength(50);

  fireEvent.click(screen.getByRole('button', { name: 'Show 70 more' }));

  expect(screen.getAllByRole('checkbox')).toHaveLength(120);
  expect(document.activeElement).toBe(screen.getByRole('checkbox', { name: 'Task 51' }));
  rerender(<Widget root={taskList(...rows.slice(1))} act={idle} />);
  expect(screen.getAllByRole('checkbox')).toHaveLength(119);
});

test('[003/FR-052] an empty list says so', () => {
  render(<Widget root={taskList()} act={idle} />);

  expect(screen.getByText(/Nothing here/)).toBeTruthy();
});

test('[003/FR-052] a card with fields, texts and buttons is drawn and sends what was filled in', async () => {
  const act = vi.fn(idle);
  const save = { type: 'note.save', payload: { id: 7 } };
  const root: WidgetNode = {
    type: 'Card',
    status: { text: 'Note' },
    children: [
      { type: 'Title', value: 'A title' },
      { type: 'Caption', value: 'A caption' },
      { type: 'Badge', label: 'New', color: 'info' },
      { type: 'Divider' },
      { type: 'Row', children: [{ type: 'Icon', name: 'check' }, { type: 'Spacer' }] },
      { type: 'Col', children: { type: 'Box', children: [{ type: 'Text', value: 'A text' }] } },
      { type: 'Markdown', value: 'Some *words*' },
      {
        type: 'Form',
        onSubmitAction: save,
        children: [
          { type: 'Input', name: 'note', placeholder: 'Your note', defaultValue: 'hello' },
          { type: 'Button', submit: true, label: 'Save' },
        ],
      },
    ],
    cancel: { label: 'Never mind', action: { type: 'note.cancel' } },
  };
  render(<Widget root={root} act={act} />);

  for (const text of ['Note', 'A title', 'A caption', 'New', 'A text']) {
    expect(screen.getByText(text)).toBeTruthy();
  }
  await screen.findByText('words');
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(act).toHaveBeenCalledOnce());
  fireEvent.click(screen.getByRole('button', { name: 'Never mind' }));

  await waitFor(() => expect(act).toHaveBeenCalledTimes(2));
  expect(act.mock.calls).toMatchObject([
    [{ type: 'note.save', payload: { id: 7, note: 'hello' } }],
    [{ type: 'note.cancel' }],
  ]);
});

test('[003/FR-024] of an unknown component what it holds is shown', () => {
  const root: WidgetNode = {
    type: 'Carousel',
    children: [{ type: 'toString', children: { type: 'Text', value: 'Inside' } }],
  };
  render(<Widget root={root} act={idle} />);

  expect(screen.getByText('Inside')).toBeTruthy();
});

test('[003/FR-024] a component that cannot be drawn costs its own item alone', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {}); // React tells of what the boundary catches
  const root: WidgetNode = { type: 'Text', value: { not: 'a text' } };
  render(
    <>
      <ItemBoundary>
        <Widget root={root} act={idle} />
      </ItemBoundary>
      <p>The rest</p>
    </>,
  );

  expect(screen.getByText('This part cannot be shown.')).toBeTruthy();
  expect(screen.getByText('The rest')).toBeTruthy();
});
