import { beforeEach, expect, test, vi } from 'vitest';
import { events, json, ScriptedServer } from '../../../test/scriptedServer';
import { listItem } from '../../../test/taskList';
import { laterTurn, turn } from '../../../test/turn';
import { ProtocolClient } from './client';
import { ChatSession } from './session';

const nobodyListens = {
  onThreadChange() {},
  onResponse() {},
  onEffect() {},
  onError() {},
  onReturned() {},
};

let server: ScriptedServer;
let session: ChatSession;

const shown = () => session.snapshot();
const problem = (status: number, detail: string) => json({ status, detail }, status);
const action = { type: 'task.delete', payload: { task_id: 1 } };
const statuses = () =>
  shown().items.flatMap((item) => (item.type === 'widget' ? [item.widget.status] : []));
const status = () => statuses()[0];
const milk = { id: 1, title: 'Milk' };
const eggs = { id: 2, title: 'Eggs' };

beforeEach(async () => {
  server = new ScriptedServer();
  const client = new ProtocolClient(() => ({ url: '/api/ada/chat', fetch: server.fetch }));
  session = new ChatSession(client, nobodyListens);
  const start = turn('Show my tasks', 'Here.');
  start.splice(-1, 0, { type: 'thread.item.done', item: listItem('w_1', milk) });
  server.on('threads.create', events(...start));
  await session.send('Show my tasks');
});

/** Has a second list shown below the first. */
async function secondList() {
  const more = { type: 'thread.item.done', item: listItem('w_2', milk) } as const;
  server
    .on('items.list', json({ data: [listItem('w_1', milk)], has_more: false }))
    .on('threads.add_user_message', events(...laterTurn('Again', 'Here.'), more));
  await session.send('Again');
  await vi.waitFor(() => expect(server.asked('items.list')).toHaveLength(1));
}

test('[003/FR-050] an action without a stream shows the item that comes back', async () => {
  server.on('threads.sync_custom_action', json({ updated_item: listItem('w_1') }));

  await session.act({ ...action, streaming: false, handler: 'server' }, 'w_1');

  expect(server.asked('threads.sync_custom_action')[0]?.params).toEqual({
    thread_id: 'thr_1',
    item_id: 'w_1',
    action,
  });
  expect(status()).toMatchObject({ text: '0 of 0 done' });
});

test('[003/FR-050] an action with a stream shows what it replaces', async () => {
  server.on(
    'threads.custom_action',
    events({ type: 'thread.item.replaced', item: listItem('w_1') }),
  );

  await session.act({ ...action, streaming: true }, 'w_1');

  expect(status()).toMatchObject({ text: '0 of 0 done' });
});

test('[003/FR-053] an action brings every other list of the conversation up to date', async () => {
  await secondList();
  const now = json({ data: [listItem('w_2'), listItem('w_1')], has_more: false });
  server
    .on('threads.sync_custom_action', json({ updated_item: listItem('w_2') }))
    .on('items.list', now);

  await session.act({ ...action, streaming: false }, 'w_2');

  await vi.waitFor(() =>
    expect(statuses()).toMatchObject([{ text: '0 of 0 done' }, { text: '0 of 0 done' }]),
  );
});

test('[003/FR-053] an action is not undone on the screen by a list that was read before it', async () => {
  await secondList();
  let answerLate = (_: Response) => {};
  const late = new Promise<Response>((resolve) => {
    answerLate = resolve;
  });
  const done = listItem('w_1', { ...milk, completed: true }, { ...eggs, completed: true });
  server
    .on(
      'threads.sync_custom_action',
      json({ updated_item: listItem('w_2', milk, eggs) }),
      json({ updated_item: done }),
      json({ updated_item: listItem('w_2') }),
    )
    .on('items.list', () => late, json({ data: [], has_more: false }));

  await session.act({ ...action, streaming: false }, 'w_2');
  await session.act({ ...action, streaming: false }, 'w_1');
  answerLate(Response.json({ data: [listItem('w_1', milk, eggs)], has_more: false }));
  await session.act({ ...action, streaming: false }, 'w_2'); // by its end the late list has been read

  expect(status()).toMatchObject({ text: '2 of 2 done' });
});

test('[003/FR-053] an action waits for the one before it, so that the last answer is the newest', async () => {
  let answerFirst = (_: Response) => {};
  const first = new Promise<Response>((resolve) => {
    answerFirst = resolve;
  });
  server.on('threads.sync_custom_action', () => first, json({ updated_item: listItem('w_1') }));

  const both = [1, 2].map(() => session.act({ ...action, streaming: false }, 'w_1'));
  answerFirst(Response.json({ updated_item: listItem('w_1', milk) }));
  await Promise.all(both);

  expect(status()).toMatchObject({ text: '0 of 0 done' });
});

test('[003/FR-053] what words change shows in the lists, too', async () => {
  server
    .on('threads.add_user_message', events(...laterTurn('Delete milk', 'Deleted.')))
    .on('items.list', json({ data: [listItem('w_1')], has_more: false }));

  await session.send('Delete milk');

  await vi.waitFor(() => expect(status()).toMatchObject({ text: '0 of 0 done' }));
});

test('[003/FR-051] an action that is refused rejects with the reason', async () => {
  server
    .on('threads.sync_custom_action', problem(409, 'The title is too long.'))
    .on(
      'threads.custom_action',
      events({ type: 'error', code: 'custom', message: 'Not now.', allow_retry: false }),
    );

  await expect(session.act({ ...action, streaming: false }, 'w_1')).rejects.toThrow(
    'The title is too long.',
  );
  await expect(session.act(action, 'w_1')).rejects.toThrow('Not now.');
  expect(shown().failure).toBeNull();
});
