import { beforeEach, describe, expect, test, vi } from 'vitest';
import { events, json, nobody, openStream, ScriptedServer } from '../../../test/scriptedServer';
import { listItem } from '../../../test/taskList';
import {
  assistantMessage,
  laterTurn,
  opening,
  speaking,
  thread,
  turn,
  userMessage,
} from '../../../test/turn';
import { ProtocolClient } from './client';
import { ChatSession } from './session';
import { textOf } from './types';

const told = {
  onThreadChange: vi.fn(),
  onResponse: vi.fn(),
  onEffect: vi.fn(),
  onError: vi.fn(),
  onReturned: vi.fn(),
};

let server: ScriptedServer;
let session: ChatSession;

beforeEach(() => {
  vi.resetAllMocks();
  server = new ScriptedServer();
  const client = new ProtocolClient(() => ({ url: '/api/ada/chat', fetch: server.fetch }));
  session = new ChatSession(client, told);
});

const shown = () => session.snapshot();
const words = () => shown().items.map(textOf).filter(Boolean);
const problem = (status: number, detail: string) => json({ status, detail }, status);

/** An open conversation with one turn in it. */
async function withOneTurn() {
  server.on('threads.create', events(...turn('Add buy milk', 'Added.')));
  await session.send('Add buy milk');
}

describe('a turn', () => {
  test('[003/FR-020] shows the words and that it waits before the server has answered', async () => {
    const stream = openStream();
    server.on('threads.create', () => stream.response);

    const sent = session.send(' Add buy milk ');

    expect(words()).toEqual(['Add buy milk']);
    expect(shown().phase).toBe('answering');
    stream.send(...turn('Add buy milk', 'Added.'));
    stream.end();
    await sent;
    expect(words()).toEqual(['Add buy milk', 'Added.']);
    expect(shown()).toMatchObject({ phase: 'ready', failure: null });
  });

  test('opens a conversation with the first message and goes on in it with the next', async () => {
    await withOneTurn();
    server.on('threads.add_user_message', events(...laterTurn('And bread', 'Added bread.')));

    await session.send('And bread');

    expect(told.onThreadChange).toHaveBeenLastCalledWith('thr_1');
    expect(server.asked('threads.add_user_message')[0]?.params).toMatchObject({
      thread_id: 'thr_1',
      input: { content: [{ type: 'input_text', text: 'And bread' }], attachments: [] },
    });
    expect(words()).toEqual(['Add buy milk', 'Added.', 'And bread', 'Added bread.']);
  });

  test('[003/FR-022] can be stopped: the request ends and what was said stays', async () => {
    const stream = openStream();
    server.on('threads.create', () => stream.response);
    const sent = session.send('Tell me a story');
    stream.send(...opening('Tell me a story'), ...speaking('msg_2', 'Once upon '));
    await vi.waitFor(() => expect(words()).toContain('Once upon '));

    session.stop();

    expect(server.seen[0]?.signal?.aborted).toBe(true);
    stream.end();
    await sent;
    expect(words()).toEqual(['Tell me a story', 'Once upon ']);
    expect(shown()).toMatchObject({ phase: 'ready', failure: null });
  });

  test('[003/FR-025] that the model failed is continued, without the words being sent again', async () => {
    const failure = { type: 'error', code: 'custom', message: 'Out of order.', allow_retry: true };
    server
      .on('threads.create', events(...opening('Add buy milk'), failure as never))
      .on(
        'threads.retry_after_item',
        events({ type: 'thread.item.done', item: assistantMessage('msg_9', 'Added.') }),
      );
    await session.send('Add buy milk');
    expect(shown().failure).toEqual({ message: 'Out of order.', remedy: 'retry' });

    await session.recover();

    expect(server.seen.map(({ type, params }) => [type, params.item_id])).toEqual([
      ['threads.create', undefined],
      ['threads.retry_after_item', 'msg_1'],
    ]);
    expect(words()).toEqual(['Add buy milk', 'Added.']);
    expect(shown().failure).toBeNull();
  });

  test('[003/FR-025] that did not reach the server is sent again under the same key', async () => {
    server.on('threads.create', nobody(), events(...turn('Add buy milk', 'Added.')));
    await session.send('Add buy milk');
    expect(shown().failure?.message).toContain('cannot be reached');
    expect(words()).toEqual(['Add buy milk']);

    await session.recover();

    const keys = server.seen.map(({ headers }) => headers.get('Idempotency-Key'));
    expect(keys[0]).toMatch(/./);
    expect(keys[1]).toBe(keys[0]);
    expect(words()).toEqual(['Add buy milk', 'Added.']);
  });

  test('[003/FR-006] that the server refuses gives the words back', async () => {
    server.on('threads.create', problem(422, 'At most 4000 characters.'));

    await session.send('Far too long');

    expect(told.onReturned).toHaveBeenCalledWith('Far too long');
    expect(shown()).toMatchObject({
      items: [],
      failure: { message: 'At most 4000 characters.', remedy: null },
    });
  });

  test('[003/FR-033] that did not reach the server goes before the next one, in one order everywhere', async () => {
    server
      .on('threads.create', nobody(), events(...turn('Add buy milk', 'Added milk.')))
      .on('threads.add_user_message', events(...laterTurn('And bread', 'Added bread.')));
    await session.send('Add buy milk');

    await session.send('And bread');

    expect(words()).toEqual(['Add buy milk', 'Added milk.', 'And bread', 'Added bread.']);
    expect(server.seen.map(({ type }) => type)).toEqual([
      'threads.create',
      'threads.create',
      'threads.add_user_message',
    ]);
  });

  test('[003/FR-033] that did not reach the server is given back by whatever takes it from the screen', async () => {
    server.on('threads.create', nobody());
    await session.send('Add buy milk');
    await session.send('And bread');

    await session.open(null);

    expect(told.onReturned).toHaveBeenCalledExactlyOnceWith('Add buy milk\nAnd bread');
    expect(words()).toEqual([]);
  });

  test('[003/FR-022] that was stopped before the server had it is not sent with the next one', async () => {
    const never = openStream();
    server.on('threads.create', () => never.response, events(...turn('Add bread', 'Added bread.')));
    const sent = session.send('Add milk');
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    session.stop();
    never.end();
    await sent;

    await session.send('Add bread');

    expect(server.seen).toHaveLength(2);
    expect(words()).toEqual(['Add milk', 'Add bread', 'Added bread.']);
  });

  test('[003/FR-022] [003/FR-025] that was stopped beside a list, before a word, can be asked again', async () => {
    const stream = openStream();
    server.on('threads.create', () => stream.response);
    const sent = session.send('Show my tasks');
    stream.send(...opening('Show my tasks'), { type: 'thread.item.done', item: listItem('w_1') });
    await vi.waitFor(() => expect(shown().items).toHaveLength(3));

    session.stop();
    stream.end();
    await sent;

    expect(shown().failure).toMatchObject({ remedy: 'retry', calm: true });
  });

  test('[003/FR-029] that ends with a list and without a word was cut off', async () => {
    const cut = { type: 'thread.item.done', item: listItem('w_1') } as const;
    server.on('threads.create', events(...opening('Show my tasks'), cut));

    await session.send('Show my tasks');

    expect(shown().failure?.message).toContain('broke off');
  });

  test('[003/FR-025] that meets another one in the same conversation can be tried again', async () => {
    server.on('threads.create', problem(409, 'An answer is on its way.'));

    await session.send('Me too');

    expect(shown().failure).toEqual({ message: 'An answer is on its way.', remedy: 'retry' });
    expect(told.onReturned).not.toHaveBeenCalled();
  });

  test.each(['breaks off', 'ends too early'])(
    '[003/FR-029] whose stream %s is continued',
    async (how) => {
      const stream = openStream();
      server
        .on('threads.create', () => stream.response)
        .on(
          'threads.retry_after_item',
          events({ type: 'thread.item.done', item: assistantMessage('msg_9', 'The end.') }),
        );
      const sent = session.send('Tell me a story');
      stream.send(...opening('Tell me a story'), ...speaking('msg_2', 'Once upon '));
      await vi.waitFor(() => expect(words()).toContain('Once upon '));
      if (how === 'breaks off') stream.breakOff();
      else stream.end();
      await sent;
      expect(shown().failure?.message).toContain('broke off');
      expect(words()).toContain('Once upon ');

      await session.recover();

      expect(words()).toEqual(['Tell me a story', 'The end.']);
    },
  );

  test('[003/FR-029] that somebody on the way answers with a page of their own is no answer', async () => {
    server.on('threads.create', () => new Response('<html>Sign in to the hotel</html>'));

    await session.send('Add buy milk');

    expect(shown().failure).toMatchObject({ remedy: 'retry' });
    expect(words()).toEqual(['Add buy milk']);
  });
});

describe('opening a conversation', () => {
  const page = (from: number, to: number, has_more: boolean) => ({
    data: Array.from({ length: to - from + 1 }, (_, i) =>
      assistantMessage(`m${to - i}`, `${to - i}`),
    ),
    has_more,
  });

  test('[003/FR-030] shows its end, and earlier messages when they are asked for', async () => {
    server
      .on('threads.get_by_id', json(thread))
      .on('items.list', json(page(41, 80, true)), json(page(1, 40, false)));

    await session.open('thr_1');
    expect(words().at(0)).toBe('41');
    expect(words().at(-1)).toBe('80');
    await session.loadEarlier();

    expect(server.asked('items.list')[1]?.params).toMatchObject({ order: 'desc', after: 'm41' });
    expect(words()).toEqual(Array.from({ length: 80 }, (_, i) => String(i + 1)));
    expect(shown().earlier).toBeNull();
  });

  test('[003/FR-030] asks for earlier messages once, however often it is told to', async () => {
    server
      .on('threads.get_by_id', json(thread))
      .on('items.list', json(page(41, 80, true)), json(page(1, 40, false)));
    await session.open('thr_1');

    await Promise.all([session.loadEarlier(), session.loadEarlier()]);

    expect(server.asked('items.list')).toHaveLength(2);
    expect(words()).toHaveLength(80);
  });

  test('[003/FR-030] says that earlier messages could not be fetched, and can be asked again', async () => {
    server
      .on('threads.get_by_id', json(thread))
      .on('items.list', json(page(41, 80, true)), nobody(), json(page(1, 40, false)));
    await session.open('thr_1');

    await expect(session.loadEarlier()).rejects.toThrow();
    await session.loadEarlier();

    expect(words()).toHaveLength(80);
  });

  test('[003/FR-043] again shows what was said elsewhere, and keeps the earlier messages', async () => {
    server
      .on('threads.get_by_id', json(thread))
      .on(
        'items.list',
        json(page(41, 80, true)),
        json(page(1, 40, false)),
        json(page(43, 82, true)),
      );
    await session.open('thr_1');
    await session.loadEarlier();

    await session.refresh();

    expect(words()).toEqual(Array.from({ length: 82 }, (_, i) => String(i + 1)));
    expect(shown().earlier).toBeNull();
  });

  test('[003/FR-043] again leaves everything as it is when nobody answers', async () => {
    server
      .on('threads.get_by_id', json(thread), nobody())
      .on('items.list', json(page(1, 2, false)), nobody());
    await session.open('thr_1');

    await session.refresh();

    expect(words()).toEqual(['1', '2']);
    expect(shown().failure).toBeNull();
  });

  test('[003/FR-042] that is gone gives a new one, not an error', async () => {
    server.on('threads.get_by_id', problem(404, 'No.')).on('items.list', problem(404, 'No.'));

    await session.open('thr_1');

    expect(shown()).toMatchObject({ thread: null, phase: 'ready', failure: null });
    expect(told.onThreadChange).toHaveBeenLastCalledWith(null);
  });

  test('[003/FR-025] that cannot be read says so and can be tried again', async () => {
    server
      .on('threads.get_by_id', nobody(), json(thread))
      .on('items.list', nobody(), json(page(1, 2, false)));
    await session.open('thr_1');
    expect(shown().failure).toMatchObject({ remedy: 'reload' });

    await session.recover();

    expect(words()).toEqual(['1', '2']);
    expect(shown().failure).toBeNull();
  });

  test('[003/FR-029] whose last message was never answered offers to go on', async () => {
    const open = { data: [userMessage('msg_1', 'Add buy milk')], has_more: false };
    server.on('threads.get_by_id', json(thread)).on('items.list', json(open));

    await session.open('thr_1');

    expect(shown().failure).toMatchObject({ remedy: 'retry', calm: true });
  });

  test('ends the answer that was on its way in the former one', async () => {
    const stream = openStream();
    server.on('threads.create', () => stream.response);
    session.send('Tell me a story');
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));

    await session.open(null);
    stream.send(...turn('Tell me a story', 'Once.'));

    expect(server.seen[0]?.signal?.aborted).toBe(true);
    expect(shown()).toMatchObject({ items: [], phase: 'ready' });
  });
});
