import { type ProtocolClient, ProtocolError, type StreamedRequest } from './client';
import {
  type Conversation,
  emptyConversation,
  isAnswered,
  isUnsent,
  reduce,
  settled,
  type UnsentMessage,
  unsentMessage,
} from './conversation';
import { asError, isConnectionLoss, mayResend, reason } from './failures';
import { type Action, type Item, type Page, type ServerEvent, textOf } from './types';

const PAGE = 40;
const LONGEST_PAGE = 100; // the endpoint gives no more at once

const BROKEN_OFF = 'The connection broke off before the answer was complete.';
const LEFT_OPEN = { message: 'This has not been answered.', remedy: 'retry', calm: true } as const;

/** What a session tells its surroundings. */
export type SessionEvents = {
  onThreadChange(threadId: string | null): void;
  onResponse(state: 'start' | 'end'): void;
  onEffect(name: string, data?: Record<string, unknown>): void;
  onError(error: Error): void;
  /** These words will not be sent: they belong to the person again. */
  onReturned(text: string): void;
};

/** One open conversation: holds what is shown of it, and does what a person can do with it. */
export class ChatSession {
  readonly #client: ProtocolClient;
  readonly #events: SessionEvents;
  readonly #listeners = new Set<() => void>();
  #state: Conversation = emptyConversation;
  #work: AbortController | null = null;
  /** What the server does not have yet, oldest first. */
  #unsent: UnsentMessage[] = [];
  #wanted: string | null = null;
  #earlierAsked: string | null = null;
  #acting: Promise<unknown> = Promise.resolve();
  /** Counts what changes tasks, so that a list read before a change is not shown after it. */
  #changes = 0;

  constructor(client: ProtocolClient, events: SessionEvents) {
    this.#client = client;
    this.#events = events;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Conversation => this.#state;

  /** Shows a conversation, or a new one; whatever was going on in the former one ends. */
  readonly open = async (threadId: string | null): Promise<void> => {
    const work = this.#begin();
    this.returnUnsent();
    this.#state = emptyConversation;
    this.#wanted = threadId;
    this.#events.onThreadChange(threadId);
    if (threadId) {
      this.#patch({ phase: 'loading' });
      await this.#load(threadId, work, (error) => {
        this.#events.onError(error);
        this.#patch({ failure: { message: reason(error), remedy: 'reload' } });
      });
    } else {
      this.#end(work);
    }
  };

  /** Shows what happened to the open conversation elsewhere; if that cannot be read, all stays as it is. */
  readonly refresh = async (): Promise<void> => {
    const { thread, phase, failure } = this.#state;
    const quiet = phase === 'ready' && this.#unsent.length === 0 && (!failure || failure.calm);
    if (thread && quiet) await this.#load(thread.id, this.#begin(), () => {});
  };

  /** Fetches the messages before the first one shown; rejects when it cannot. */
  readonly loadEarlier = async (): Promise<void> => {
    const { thread, earlier } = this.#state;
    if (!thread || !earlier || this.#earlierAsked === earlier) return;
    this.#earlierAsked = earlier;
    try {
      const page = await this.#client.request('items.list', {
        thread_id: thread.id,
        limit: PAGE,
        order: 'desc',
        after: earlier,
      });
      if (this.#state.earlier !== earlier) return;
      const before = page.data.toReversed();
      this.#patch({ items: [...before, ...this.#state.items], earlier: cursor(page) });
    } finally {
      this.#earlierAsked = null;
    }
  };

  /** Says something; the words are shown before the server has them. */
  readonly send = async (text: string): Promise<void> => {
    const { phase, failure } = this.#state;
    if (phase !== 'ready' || !text.trim()) return;
    if (failure?.calm) this.#forgetUnsent(); // what was stopped is not sent after all
    const message = unsentMessage(text.trim(), randomKey());
    this.#unsent.push(message);
    this.#patch({ items: [...this.#state.items, message] });
    await this.#sendUnsent();
  };

  /** Gives back to the person what the server does not have. */
  readonly returnUnsent = (): void => {
    if (this.#unsent.length === 0) return;
    this.#events.onReturned(this.#unsent.map(textOf).join('\n'));
    this.#unsent = [];
    this.#patch({ items: this.#state.items.filter((item) => !isUnsent(item)) });
  };

  /** Stops the answer; what was said stays. */
  readonly stop = (): void => {
    if (this.#state.phase !== 'answering' || !this.#state.canStop) return;
    this.#work?.abort();
    if (this.#unsent.length > 0 || !isAnswered(this.#state.items)) {
      const message = 'You stopped this answer.';
      this.#patch({ failure: { message, remedy: 'retry', calm: true } });
    }
  };

  /** Does what can be done about the present failure. */
  readonly recover = async (): Promise<void> => {
    const { failure, phase } = this.#state;
    if (phase !== 'ready') return;
    if (failure?.remedy === 'reload') await this.open(this.#wanted);
    else if (this.#unsent.length > 0) await this.#sendUnsent();
    else if (failure?.remedy) await this.#continue();
  };

  /**
   * Carries out a widget's action; rejects with a reason for the person when it did not work.
   *
   * One after the other: each answer is the list of its moment, and the last one has to be shown last.
   */
  readonly act = (action: Action, itemId?: string): Promise<void> => {
    const done = this.#acting.then(() => this.#act(action, itemId));
    this.#acting = done.catch(() => {});
    return done;
  };

  /** Ends whatever is going on; the session can be used again afterwards. */
  readonly close = (): void => {
    this.#work?.abort();
    this.#work = null;
  };

  async #act(action: Action, itemId?: string): Promise<void> {
    const { thread } = this.#state;
    if (!thread) throw new Error('There is no conversation yet.');
    const { type, payload } = action;
    const params = { thread_id: thread.id, item_id: itemId, action: { type, payload } };
    this.#changes += 1;
    if (action.streaming === false) {
      const { updated_item: item } = await this.#client.request(
        'threads.sync_custom_action',
        params,
      );
      if (item && this.#shows(thread.id)) this.#apply({ type: 'thread.item.replaced', item });
    } else {
      for await (const event of this.#client.stream('threads.custom_action', params)) {
        if (event.type === 'error') throw new Error(event.message ?? 'That did not work.');
        if (this.#shows(thread.id)) this.#apply(event);
      }
    }
    this.#refreshLists(({ id }) => id !== itemId);
  }

  /** Brings lists up to date after tasks have changed elsewhere; one that cannot be read stays as it is. */
  async #refreshLists(isStale: (list: Item) => boolean): Promise<void> {
    const { thread, items } = this.#state;
    if (!thread || !items.some((item) => item.type === 'widget' && isStale(item))) return;
    this.#changes += 1;
    const changes = this.#changes;
    try {
      const newest = { thread_id: thread.id, limit: LONGEST_PAGE, order: 'desc' };
      const page = await this.#client.request('items.list', newest);
      if (this.#changes !== changes || !this.#shows(thread.id)) return;
      const lists = page.data.filter((item) => item.type === 'widget');
      const fresh = new Map(lists.map((list) => [list.id, list]));
      this.#patch({ items: this.#state.items.map((item) => fresh.get(item.id) ?? item) });
    } catch {
      // Using a list that is out of date gives the fresh one.
    }
  }

  async #load(
    threadId: string,
    work: AbortController,
    onFailed: (error: Error) => void,
  ): Promise<void> {
    const options = { signal: work.signal };
    const newest = { thread_id: threadId, limit: PAGE, order: 'desc' };
    try {
      const [thread, page] = await Promise.all([
        this.#client.request('threads.get_by_id', { thread_id: threadId }, options),
        this.#client.request('items.list', newest, options),
      ]);
      if (work.signal.aborted) return;
      const newItems = page.data.toReversed();
      const before = itemsBefore(newItems[0], this.#state.items);
      this.#patch({
        thread,
        items: [...before, ...newItems],
        earlier: before.length > 0 ? this.#state.earlier : cursor(page),
        failure: isAnswered(newItems) ? null : LEFT_OPEN,
      });
    } catch (thrown) {
      const error = asError(thrown);
      if (work.signal.aborted) return;
      if (error instanceof ProtocolError && error.status === 404) this.#gone();
      else onFailed(error);
    } finally {
      this.#end(work);
    }
  }

  #gone(): void {
    this.#state = emptyConversation;
    this.#events.onThreadChange(null);
  }

  /** Sends what waits, one message after the other, until one does not get its answer. */
  async #sendUnsent(): Promise<void> {
    for (let message = this.#unsent[0]; message; message = this.#unsent[0]) {
      const { thread } = this.#state;
      const input = {
        content: [{ type: 'input_text', text: textOf(message) }],
        attachments: [],
        quoted_text: '',
        inference_options: {},
      };
      const answered = await (thread
        ? this.#run('threads.add_user_message', { thread_id: thread.id, input }, message)
        : this.#run('threads.create', { input }, message));
      if (!answered) return;
    }
  }

  #forgetUnsent(): void {
    this.#unsent = [];
    this.#patch({ items: this.#state.items.map(settled) });
  }

  async #continue(): Promise<void> {
    const { thread, items } = this.#state;
    const index = items.findLastIndex((item) => item.type === 'user_message' && !isUnsent(item));
    const message = items[index];
    if (!thread || !message) return;
    this.#patch({ items: items.slice(0, index + 1) }); // the server drops what came after, too
    await this.#run('threads.retry_after_item', { thread_id: thread.id, item_id: message.id });
  }

  /** Carries out a turn; says whether it was answered. */
  async #run(type: StreamedRequest, params: object, message?: UnsentMessage): Promise<boolean> {
    const work = this.#begin();
    const shown = new Set(this.#state.items.map(({ id }) => id));
    this.#patch({ phase: 'answering', failure: null, notice: null, canStop: true });
    this.#events.onResponse('start');
    try {
      const options = { signal: work.signal, ...(message && { idempotencyKey: message.id }) };
      for await (const event of this.#client.stream(type, params, options)) {
        if (work.signal.aborted) break;
        this.#apply(event);
      }
      if (!work.signal.aborted) this.#checkComplete();
    } catch (error) {
      if (!work.signal.aborted) this.#turnFailed(asError(error));
    } finally {
      this.#end(work);
      this.#events.onResponse('end');
    }
    if (this.#state.items.some(({ id, type }) => type === 'workflow' && !shown.has(id))) {
      this.#refreshLists(({ id }) => shown.has(id));
    }
    return !work.signal.aborted && !this.#state.failure;
  }

  #apply(event: ServerEvent): void {
    this.#state = reduce(this.#state, event);
    if (event.type === 'thread.created') this.#events.onThreadChange(event.thread.id);
    if (event.type === 'client_effect') this.#events.onEffect(event.name, event.data);
    if (event.type === 'error') this.#events.onError(new Error(event.message ?? event.code));
    if (event.type === 'thread.item.done' && event.item.type === 'user_message') {
      this.#unsent.shift();
    }
    this.#notify();
  }

  /** A stream has no end mark: one that closes with something unfinished was cut off on its way. */
  #checkComplete(): void {
    const { failure, live, items } = this.#state;
    if (failure || (live.size === 0 && isAnswered(items))) return;
    this.#turnFailed(new TypeError('The stream ended early.'));
  }

  #turnFailed(error: Error): void {
    this.#events.onError(error);
    const message = this.#unsent[0];
    if (!message && isConnectionLoss(error)) {
      this.#patch({ failure: { message: BROKEN_OFF, remedy: 'retry' } });
    } else if (!message || mayResend(error)) {
      this.#patch({ failure: { message: reason(error), remedy: 'retry' } });
    } else {
      this.#patch({ failure: { message: reason(error), remedy: null } });
      this.returnUnsent();
    }
  }

  #shows(threadId: string): boolean {
    return this.#state.thread?.id === threadId;
  }

  #begin(): AbortController {
    this.#work?.abort();
    this.#work = new AbortController();
    return this.#work;
  }

  #end(work: AbortController): void {
    if (this.#work !== work) return;
    this.#work = null;
    this.#patch({ phase: 'ready', progress: null, live: new Set() });
  }

  #patch(change: Partial<Conversation>): void {
    this.#state = { ...this.#state, ...change };
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What is shown of the time before an item, if that item is shown. */
function itemsBefore(item: Item | undefined, items: readonly Item[]): readonly Item[] {
  const index = items.findIndex(({ id }) => id === item?.id);
  return index < 0 ? [] : items.slice(0, index);
}

function cursor(page: Page<Item>): string | null {
  return page.has_more ? (page.after ?? page.data.at(-1)?.id ?? null) : null;
}

/** Random enough to tell two messages apart; `crypto.randomUUID` is missing on plain http. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
