import { type ProtocolClient, ProtocolError, type StreamedRequest } from './client';
import {
  emptyConversation,
  isAnswered,
  isUnsent,
  settled,
  type UnsentMessage,
  unsentMessage,
} from './conversation';
import { asError, isConnectionLoss, mayResend, reason } from './failures';
import { Lists } from './lists';
import { ConversationStore } from './store';
import { type Action, type Item, type Page, type ServerEvent, textOf } from './types';

const PAGE = 40;

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
  readonly #store = new ConversationStore();
  readonly #lists: Lists;
  #work: AbortController | null = null;
  /** What the server does not have yet, oldest first. */
  #unsent: UnsentMessage[] = [];
  #wanted: string | null = null;
  #earlierAsked: string | null = null;

  constructor(client: ProtocolClient, events: SessionEvents) {
    this.#client = client;
    this.#events = events;
    this.#lists = new Lists(client, this.#store, (event) => this.#apply(event));
  }

  readonly subscribe = this.#store.subscribe;
  readonly snapshot = this.#store.snapshot;

  /** Shows a conversation, or a new one; whatever was going on in the former one ends. */
  readonly open = async (threadId: string | null): Promise<void> => {
    const work = this.#begin();
    this.returnUnsent();
    this.#store.patch({ ...emptyConversation, phase: threadId ? 'loading' : 'ready' });
    this.#wanted = threadId;
    this.#events.onThreadChange(threadId);
    if (threadId) {
      await this.#load(threadId, work, (error) => {
        this.#events.onError(error);
        this.#store.patch({ failure: { message: reason(error), remedy: 'reload' } });
      });
    } else {
      this.#end(work);
    }
  };

  /** Shows what happened to the open conversation elsewhere; if that cannot be read, all stays as it is. */
  readonly refresh = async (): Promise<void> => {
    const { thread, phase, failure } = this.#store.snapshot();
    const quiet = phase === 'ready' && this.#unsent.length === 0 && (!failure || failure.calm);
    if (thread && quiet) await this.#load(thread.id, this.#begin(), () => {});
  };

  /** Fetches the messages before the first one shown; rejects when it cannot. */
  readonly loadEarlier = async (): Promise<void> => {
    const { thread, earlier } = this.#store.snapshot();
    if (!thread || !earlier || this.#earlierAsked === earlier) return;
    this.#earlierAsked = earlier;
    try {
      const page = await this.#client.request('items.list', {
        thread_id: thread.id,
        limit: PAGE,
        order: 'desc',
        after: earlier,
      });
      if (this.#store.snapshot().earlier !== earlier) return;
      const before = page.data.toReversed();
      this.#store.patch({
        items: [...before, ...this.#store.snapshot().items],
        earlier: cursor(page),
      });
    } finally {
      this.#earlierAsked = null;
    }
  };

  /** Says something; the words are shown before the server has them. */
  readonly send = async (text: string): Promise<void> => {
    const { phase, failure } = this.#store.snapshot();
    if (phase !== 'ready' || !text.trim()) return;
    if (failure?.calm) this.#forgetUnsent(); // what was stopped is not sent after all
    const message = unsentMessage(text.trim(), randomKey());
    this.#unsent.push(message);
    this.#store.patch({ items: [...this.#store.snapshot().items, message] });
    await this.#sendUnsent();
  };

  /** Gives back to the person what the server does not have. */
  readonly returnUnsent = (): void => {
    if (this.#unsent.length === 0) return;
    this.#events.onReturned(this.#unsent.map(textOf).join('\n'));
    this.#unsent = [];
    this.#store.patch({ items: this.#store.snapshot().items.filter((item) => !isUnsent(item)) });
  };

  /** Stops the answer; what was said stays. */
  readonly stop = (): void => {
    if (this.#store.snapshot().phase !== 'answering' || !this.#store.snapshot().canStop) return;
    this.#work?.abort();
    if (this.#unsent.length > 0 || !isAnswered(this.#store.snapshot().items)) {
      const message = 'You stopped this answer.';
      this.#store.patch({ failure: { message, remedy: 'retry', calm: true } });
    }
  };

  /** Does what can be done about the present failure. */
  readonly recover = async (): Promise<void> => {
    const { failure, phase } = this.#store.snapshot();
    if (phase !== 'ready') return;
    if (failure?.remedy === 'reload') await this.open(this.#wanted);
    else if (this.#unsent.length > 0) await this.#sendUnsent();
    else if (failure?.remedy) await this.#continue();
  };

  /** Carries out a widget's action; rejects with a reason for the person when it did not work. */
  readonly act = (action: Action, itemId?: string): Promise<void> =>
    this.#lists.act(action, itemId);

  /** Ends whatever is going on; the session can be used again afterwards. */
  readonly close = (): void => {
    this.#work?.abort();
    this.#work = null;
  };

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
      const before = itemsBefore(newItems[0], this.#store.snapshot().items);
      this.#store.patch({
        thread,
        items: [...before, ...newItems],
        earlier: before.length > 0 ? this.#store.snapshot().earlier : cursor(page),
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
    this.#store.patch(emptyConversation);
    this.#events.onThreadChange(null);
  }

  /** Sends what waits, one message after the other, until one does not get its answer. */
  async #sendUnsent(): Promise<void> {
    for (let message = this.#unsent[0]; message; message = this.#unsent[0]) {
      const { thread } = this.#store.snapshot();
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
    this.#store.patch({ items: this.#store.snapshot().items.map(settled) });
  }

  async #continue(): Promise<void> {
    const { thread, items } = this.#store.snapshot();
    const index = items.findLastIndex((item) => item.type === 'user_message' && !isUnsent(item));
    const message = items[index];
    if (!thread || !message) return;
    this.#store.patch({ items: items.slice(0, index + 1) }); // the server drops what came after, too
    await this.#run('threads.retry_after_item', { thread_id: thread.id, item_id: message.id });
  }

  /** Carries out a turn; says whether it was answered. */
  async #run(type: StreamedRequest, params: object, message?: UnsentMessage): Promise<boolean> {
    const work = this.#begin();
    const shown = new Set(this.#store.snapshot().items.map(({ id }) => id));
    this.#store.patch({ phase: 'answering', failure: null, notice: null, canStop: true });
    this.#events.onResponse('start');
    try {
      const options = { signal: work.signal, ...(message && { idempotencyKey: message.id }) };
      for await (const event of this.#client.stream(type, params, options)) {
        if (work.signal.aborted) break;
        this.#apply(event);
      }
      if (!work.signal.aborted) this.#checkComplete(message);
    } catch (error) {
      if (!work.signal.aborted) this.#turnFailed(asError(error), message);
    } finally {
      this.#end(work);
      this.#events.onResponse('end');
    }
    if (
      this.#store.snapshot().items.some(({ id, type }) => type === 'workflow' && !shown.has(id))
    ) {
      this.#lists.refresh(({ id }) => shown.has(id));
    }
    return !work.signal.aborted && !this.#store.snapshot().failure;
  }

  #apply(event: ServerEvent): void {
    this.#store.apply(event);
    if (event.type === 'thread.created') this.#events.onThreadChange(event.thread.id);
    if (event.type === 'client_effect') this.#events.onEffect(event.name, event.data);
    if (event.type === 'error') this.#events.onError(new Error(event.message ?? event.code));
    if (event.type === 'thread.item.done' && event.item.type === 'user_message') {
      this.#unsent.shift();
    }
  }

  /** A stream has no end mark: one that closes with something unfinished was cut off on its way. */
  #checkComplete(message?: UnsentMessage): void {
    const { failure, live, items } = this.#store.snapshot();
    if (failure || (this.#hasArrived(message) && live.size === 0 && isAnswered(items))) return;
    this.#turnFailed(new TypeError('The stream ended early.'), message);
  }

  #turnFailed(error: Error, message?: UnsentMessage): void {
    this.#events.onError(error);
    const arrived = this.#hasArrived(message);
    if (arrived && isConnectionLoss(error)) {
      this.#store.patch({ failure: { message: BROKEN_OFF, remedy: 'retry' } });
    } else if (arrived || mayResend(error)) {
      this.#store.patch({ failure: { message: reason(error), remedy: 'retry' } });
    } else {
      this.#store.patch({ failure: { message: reason(error), remedy: null } });
      this.returnUnsent();
    }
  }

  /** Whether the server has the message of a turn; a turn that is continued has none to send. */
  #hasArrived(message?: UnsentMessage): boolean {
    return !message || !this.#unsent.includes(message);
  }

  #begin(): AbortController {
    this.#work?.abort();
    this.#work = new AbortController();
    return this.#work;
  }

  #end(work: AbortController): void {
    if (this.#work !== work) return;
    this.#work = null;
    this.#store.patch({ phase: 'ready', progress: null, live: new Set() });
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
