import type { ProtocolClient } from './client';
import type { ConversationStore } from './store';
import type { Action, Item, ServerEvent } from './types';

const LONGEST_PAGE = 100; // the endpoint gives no more at once

/** Uses the lists of the open conversation, and keeps those that were not used in the present. */
export class Lists {
  readonly #client: ProtocolClient;
  readonly #store: ConversationStore;
  readonly #apply: (event: ServerEvent) => void;
  #acting: Promise<unknown> = Promise.resolve();
  /** Counts what changes tasks, so that a list read before a change is not shown after it. */
  #changes = 0;

  constructor(
    client: ProtocolClient,
    store: ConversationStore,
    apply: (event: ServerEvent) => void,
  ) {
    this.#client = client;
    this.#store = store;
    this.#apply = apply;
  }

  /**
   * Carries out a list's action; rejects with a reason for the person when it did not work.
   *
   * One after the other: each answer is the list of its moment, and the last one has to be shown last.
   */
  act(action: Action, itemId?: string): Promise<void> {
    const done = this.#acting.then(() => this.#act(action, itemId));
    this.#acting = done.catch(() => {});
    return done;
  }

  /** Brings lists up to date after tasks have changed; one that cannot be read stays as it is. */
  async refresh(isStale: (list: Item) => boolean): Promise<void> {
    const { thread, items } = this.#store.snapshot();
    if (!thread || !items.some((item) => item.type === 'widget' && isStale(item))) return;
    this.#changes += 1;
    const changes = this.#changes;
    try {
      const newest = { thread_id: thread.id, limit: LONGEST_PAGE, order: 'desc' };
      const { data } = await this.#client.request('items.list', newest);
      if (this.#changes === changes && this.#store.shows(thread.id)) this.#show(data);
    } catch {
      // Using a list that is out of date gives the fresh one.
    }
  }

  #show(items: readonly Item[]): void {
    const lists = items.filter((item) => item.type === 'widget');
    const fresh = new Map(lists.map((list) => [list.id, list]));
    const shown = this.#store.snapshot().items;
    this.#store.patch({ items: shown.map((item) => fresh.get(item.id) ?? item) });
  }

  async #act({ type, payload, streaming }: Action, itemId?: string): Promise<void> {
    const { thread } = this.#store.snapshot();
    if (!thread) throw new Error('There is no conversation yet.');
    const params = { thread_id: thread.id, item_id: itemId, action: { type, payload } };
    this.#changes += 1;
    for await (const event of this.#events(streaming, params)) {
      if (event.type === 'error') throw new Error(event.message ?? 'That did not work.');
      if (this.#store.shows(thread.id)) this.#apply(event);
    }
    this.refresh(({ id }) => id !== itemId);
  }

  async *#events(streaming: boolean | undefined, params: object): AsyncGenerator<ServerEvent> {
    if (streaming !== false) {
      yield* this.#client.stream('threads.custom_action', params);
      return;
    }
    const { updated_item } = await this.#client.request('threads.sync_custom_action', params);
    if (updated_item) yield { type: 'thread.item.replaced', item: updated_item };
  }
}
