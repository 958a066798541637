import { expect, test } from 'vitest';
import { taskList } from '../../../test/taskList';
import { assistantMessage, opening, speaking, thread, turn } from '../../../test/turn';
import { type Conversation, emptyConversation, reduce, unsentMessage } from './conversation';
import { type ServerEvent, textOf, timeOf } from './types';

const after = (list: ServerEvent[], from: Conversation = emptyConversation) =>
  list.reduce(reduce, from);

test('[003/FR-021] a turn leaves the message, the tool line and the whole answer', () => {
  const { items, live, thread } = after(turn('Add buy milk', 'I added buy milk.'));

  expect(items.map((item) => item.type)).toEqual(['user_message', 'workflow', 'assistant_message']);
  expect(items.map(textOf)).toEqual(['Add buy milk', '', 'I added buy milk.']);
  expect(live.size).toBe(0);
  expect(thread?.title).toBe('Groceries');
});

test('[003/FR-021] an answer grows while it is spoken, and takes the place of the progress', () => {
  const before = after(opening('Add buy milk'));
  const during = after(speaking('msg_2', 'I added'), before);

  expect(before.progress).toBe('Adding a task…');
  expect(during.progress).toBeNull();
  expect(textOf(during.items[2] as never)).toBe('I added');
  expect([...during.live]).toEqual(['msg_2']);
});

test('[003/FR-021] a tool line says what the tool does, then what it did', () => {
  const titles = opening('Add buy milk').map((_event, index, list) => {
    const { items } = after(list.slice(0, index + 1));
    return items.find((item) => item.type === 'workflow')?.workflow.tasks[0]?.title;
  });

  expect([...new Set(titles)]).toEqual([undefined, 'Adding a task', 'Added a task']);
});

test('[003/FR-020] the server’s message takes the place of the bubble that was shown at once', () => {
  const waiting = { ...emptyConversation, items: [unsentMessage('Add buy milk', 'k')] };

  expect(after(opening('Add buy milk'), waiting).items.map(textOf)).toEqual(['Add buy milk', '']);
});

test('an update of the thread brings a title and leaves the items alone', () => {
  const state = after(turn('Add buy milk', 'Done.'));
  const renamed = { ...thread, title: 'Shopping', items: { data: [], has_more: false } };
  const { items, thread: head } = reduce(state, { type: 'thread.updated', thread: renamed });

  expect(head?.title).toBe('Shopping');
  expect(items).toHaveLength(3);
});

test('a removed item goes, a replaced one changes where it stands', () => {
  const state = after(turn('Add buy milk', 'Done.'));
  const replaced = reduce(state, {
    type: 'thread.item.replaced',
    item: assistantMessage('msg_2', 'Really done.'),
  });
  const removed = reduce(replaced, { type: 'thread.item.removed', item_id: 'wf_1' });

  expect(removed.items.map(textOf)).toEqual(['Add buy milk', 'Really done.']);
});

test('[003/FR-024] unknown events, updates and item kinds change nothing and break nothing', () => {
  const state = after(turn('Add buy milk', 'Done.'));
  const odd = [
    { type: 'thread.sparkled' },
    { type: 'thread.item.updated', item_id: 'msg_2', update: { type: 'hologram.added' } },
    { type: 'thread.item.updated', item_id: 'nobody', update: { type: 'widget.root.updated' } },
  ] as unknown as ServerEvent[];

  expect(after(odd, state)).toEqual(state);
});

test('[003/FR-050] parts of a widget are updated in place', () => {
  const item = {
    id: 'w',
    thread_id: 'thr_1',
    created_at: '',
    type: 'widget' as const,
    widget: { type: 'Card', children: [{ type: 'Text', id: 't', value: 'Hel' }] },
  };
  const state = after([
    { type: 'thread.item.added', item },
    {
      type: 'thread.item.updated',
      item_id: 'w',
      update: { type: 'widget.streaming_text.value_delta', component_id: 't', delta: 'lo' },
    },
  ]);
  const swapped = reduce(state, {
    type: 'thread.item.updated',
    item_id: 'w',
    update: { type: 'widget.root.updated', widget: taskList({ id: 1, title: 'Buy milk' }) },
  });

  expect(state.items[0]).toMatchObject({ widget: { children: [{ value: 'Hello' }] } });
  expect(swapped.items[0]).toMatchObject({ widget: { status: { text: '0 of 1 done' } } });
});

test('[003/FR-025] an error says why, and offers another try where the server allows it', () => {
  const failed = (allow_retry: boolean) =>
    reduce(emptyConversation, { type: 'error', code: 'custom', message: 'Too long.', allow_retry });

  expect(failed(true).failure).toEqual({ message: 'Too long.', remedy: 'retry' });
  expect(failed(false).failure).toEqual({ message: 'Too long.', remedy: null });
});

test('a time without a zone is UTC', () => {
  const noon = new Date('2026-11-22T12:00:00Z');

  expect(timeOf('2026-11-22T12:00:00')).toEqual(noon);
  expect(timeOf('2026-11-22T12:00:00.000Z')).toEqual(noon);
  expect(timeOf('2026-11-22T14:00:00+02:00')).toEqual(noon);
});
