import { type Conversation, emptyConversation, reduce } from './conversation';
import type { ServerEvent } from './types';

/** The conversation that is shown, for everybody who shows or changes a part of it. */
export class ConversationStore {
  readonly #listeners = new Set<() => void>();
  #state: Conversation = emptyConversation;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Conversation => this.#state;

  /** Whether this is the conversation that is shown. */
  shows(threadId: string): boolean {
    return this.#state.thread?.id === threadId;
  }

  patch(change: Partial<Conversation>): void {
    this.#set({ ...this.#state, ...change });
  }

  apply(event: ServerEvent): void {
    this.#set(reduce(this.#state, event));
  }

  #set(state: Conversation): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
