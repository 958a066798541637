import { type ProtocolClient, ProtocolError, type StreamedRequest } from './client';
import {
  type Conversation,
  emptyConversation,
  isAnswered,
  isUnsent,
  reduce,
  type UnsentMessage,
  unsentMessage,
} from './conversation';
import { asError, isConnectionLoss, mayResend, reason } from './failures';
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
  /** The server will not take these words as they are: they belong to the person again. */
  onRefused(text: string): void;
};

/** One open conversation: holds what is shown of it, and does what a person can do with it. */
export class ChatSession {
  readonly #client: ProtocolClient;
  readonly #events: SessionEvents;
  readonly #listeners = new Set<() => void>();
  #state: Conversation = emptyConversation;
  #work: AbortController | null = null;
  #unsent: UnsentMessage | null = null;
  #wanted: string | null = null;

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
    this.#state = emptyConversation;
    this.#unsent = null;
    this.#wanted = threadId;
    this.#events.onThreadChange(threadId);
    if (threadId) {
      this.#patch({ phase: 'loading' });
      await this.#load(threadId, work);
    } else {
      this.#end(work);
    }
  };

  /** Reads the open conversation anew, without a sign of it unless it fails. */
  readonly refresh = async (): Promise<void> => {
    const { thread, phase } = this.#state;
    if (thread && phase === 'ready') await this.#load(thread.id, this.#begin());
  };

  /** Fetches the messages before the first one shown. */
  readonly loadEarlier = async (): Promise<void> => {
    const { thread, earlier, phase } = this.#state;
    if (!thread || !earlier || phase !== 'ready') return;
    const page = await this.#client.request('items.list', {
      thread_id: thread.id,
      limit: PAGE,
      order: 'desc',
      after: earlier,
    });
    if (this.#state.thread?.id !== thread.id) return;
    const before = page.data.toReversed();
    this.#patch({ items: [...before, ...this.#state.items], earlier: cursor(page) });
  };

  /** Says something; the words are shown before the server has them. */
  readonly send = async (text: string): Promise<void> => {
    if (this.#state.phase !== 'ready' || !text.trim()) return;
    this.#unsent = unsentMessage(text.trim(), randomKey());
    this.#patch({ items: [...this.#state.items, this.#unsent] });
    await this.#sendUnsent();
  };

  /** Stops the answer; what was said stays. */
  readonly stop = (): void => {
    if (this.#state.phase !== 'answering' || !this.#state.canStop) return;
    this.#work?.abort();
    if (!isAnswered(this.#state.items)) {
      const message = 'You stopped this answer.';
      this.#patch({ failure: { message, remedy: 'retry', calm: true } });
    }
  };

  /** Does what can be done about the present failure. */
  readonly recover = async (): Promise<void> => {
    const { failure, phase } = this.#state;
    if (phase !== 'ready') return;
    if (failure?.remedy === 'reload') await this.open(this.#wanted);
    else if (failure?.remedy) await (this.#unsent ? this.#sendUnsent() : this.#continue());
  };

  /** Carries out a widget's action; rejects with a reason for the person when it did not work. */
  readonly act = async (action: Action, itemId?: string): Promise<void> => {
    const { thread } = this.#state;
    if (!thread) throw new Error('There is no conversation yet.');
    const { type, payload } = action;
    const params = { thread_id: thread.id, item_id: itemId, action: { type, payload } };
    if (action.streaming === false) {
      const answer = await this.#client.request('threads.sync_custom_action', params);
      const item = answer.updated_item;
      if (item && this.#shows(thread.id)) this.#apply({ type: 'thread.item.replaced', item });
      return;
    }
    for await (const event of this.#client.stream('threads.custom_action', params)) {
      if (event.type === 'error') throw new Error(event.message ?? 'That did not work.');
      if (this.#shows(thread.id)) this.#apply(event);
    }
  };

  /** Ends whatever is going on; the session can be used again afterwards. */
  readonly close = (): void => {
    this.#work?.abort();
    this.#work = null;
  };

  async #load(threadId: string, work: AbortController): Promise<void> {
    const options = { signal: work.signal };
    const newest = { thread_id: threadId, limit: PAGE, order: 'desc' };
    try {
      const [thread, page] = await Promise.all([
        this.#client.request('threads.get_by_id', { thread_id: threadId }, options),
        this.#client.request('items.list', newest, options),
      ]);
      if (work.signal.aborted) return;
      const items = page.data.toReversed();
      this.#patch({
        thread,
        items,
        earlier: cursor(page),
        failure: isAnswered(items) ? null : LEFT_OPEN,
      });
    } catch (error) {
      if (!work.signal.aborted) this.#loadFailed(asError(error));
    } finally {
      this.#end(work);
    }
  }

  #loadFailed(error: Error): void {
    if (error instanceof ProtocolError && error.status === 404) {
      this.#state = emptyConversation;
      this.#events.onThreadChange(null);
      return;
    }
    this.#events.onError(error);
    this.#patch({ failure: { message: reason(error), remedy: 'reload' } });
  }

  #sendUnsent(): Promise<void> {
    const message = this.#unsent;
    if (!message) return Promise.resolve();
    const { thread } = this.#state;
    const input = {
      content: [{ type: 'input_text', text: textOf(message) }],
      attachments: [],
      quoted_text: '',
      inference_options: {},
    };
    return thread
      ? this.#run('threads.add_user_message', { thread_id: thread.id, input }, message.id)
      : this.#run('threads.create', { input }, message.id);
  }

  #continue(): Promise<void> {
    const { thread, items } = this.#state;
    const index = items.findLastIndex((item) => item.type === 'user_message' && !isUnsent(item));
    const message = items[index];
    if (!thread || !message) return Promise.resolve();
    this.#patch({ items: items.slice(0, index + 1) }); // the server drops what came after, too
    return this.#run('threads.retry_after_item', { thread_id: thread.id, item_id: message.id });
  }

  async #run(type: StreamedRequest, params: object, idempotencyKey?: string): Promise<void> {
    const work = this.#begin();
    this.#patch({ phase: 'answering', failure: null, notice: null, canStop: true });
    this.#events.onResponse('start');
    try {
      const options = { signal: work.signal, ...(idempotencyKey && { idempotencyKey }) };
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
  }

  #apply(event: ServerEvent): void {
    this.#state = reduce(this.#state, event);
    if (event.type === 'thread.created') this.#events.onThreadChange(event.thread.id);
    if (event.type === 'client_effect') this.#events.onEffect(event.name, event.data);
    if (event.type === 'error') this.#events.onError(new Error(event.message ?? event.code));
    if (event.type === 'thread.item.done' && event.item.type === 'user_message') {
      this.#unsent = null;
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
    const message = this.#unsent;
    if (!message && isConnectionLoss(error)) {
      this.#patch({ failure: { message: BROKEN_OFF, remedy: 'retry' } });
    } else if (!message || mayResend(error)) {
      this.#patch({ failure: { message: reason(error), remedy: 'retry' } });
    } else {
      this.#unsent = null;
      const items = this.#state.items.filter((item) => item.id !== message.id);
      this.#patch({ items, failure: { message: reason(error), remedy: null } });
      this.#events.onRefused(textOf(message));
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

function cursor(page: Page<Item>): string | null {
  return page.has_more ? (page.after ?? page.data.at(-1)?.id ?? null) : null;
}

/** Random enough to tell two messages apart; `crypto.randomUUID` is missing on plain http. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
