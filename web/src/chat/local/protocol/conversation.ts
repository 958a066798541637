import type { Item, ItemUpdate, ServerEvent, Thread, UserMessage, WidgetNode } from './types';

/**
 * Why a turn or a conversation is not as it should be, and what can be done about it.
 *
 * A `calm` one is a state, not an accident.
 */
export type Failure = { message: string; remedy: 'retry' | 'reload' | null; calm?: boolean };

/** Everything the chat shows of one conversation. */
export type Conversation = {
  thread: Thread | null;
  items: readonly Item[];
  /** Items that are still being written. */
  live: ReadonlySet<string>;
  /** Where earlier items begin; null when all are here. */
  earlier: string | null;
  phase: 'ready' | 'loading' | 'answering';
  progress: string | null;
  canStop: boolean;
  notice: { level: 'info' | 'warning' | 'danger'; message: string } | null;
  failure: Failure | null;
};

export const emptyConversation: Conversation = {
  thread: null,
  items: [],
  live: new Set(),
  earlier: null,
  phase: 'ready',
  progress: null,
  canStop: true,
  notice: null,
  failure: null,
};

const LOCAL = 'local-';

export type UnsentMessage = UserMessage & { id: `${typeof LOCAL}${string}` };

/** The bubble of a message that the server does not have yet. */
export function unsentMessage(text: string, key: string): UnsentMessage {
  return {
    id: `${LOCAL}${key}`,
    thread_id: '',
    created_at: new Date().toISOString(),
    type: 'user_message',
    content: [{ type: 'input_text', text }],
  };
}

/** Whether the server does not have this item. */
export function isUnsent(item: Item): boolean {
  return item.id.startsWith(LOCAL);
}

/** An item that no longer waits for the server. */
export function settled(item: Item): Item {
  return isUnsent(item) ? { ...item, id: item.id.slice(LOCAL.length) } : item;
}

/** Whether the last words that the server has were the assistant's; a list alone is no answer. */
export function isAnswered(items: readonly Item[]): boolean {
  const said = items.findLast(
    (item) =>
      !isUnsent(item) && (item.type === 'user_message' || item.type === 'assistant_message'),
  );
  return said?.type !== 'user_message';
}

/** The conversation after an event; an unknown event changes nothing. */
export function reduce(state: Conversation, event: ServerEvent): Conversation {
  switch (event.type) {
    case 'thread.created':
    case 'thread.updated': // brings the thread's head; its page of items is always empty
      return { ...state, thread: event.thread };
    case 'thread.item.added':
      return {
        ...state,
        items: put(state.items, event.item),
        live: new Set(state.live).add(event.item.id),
        progress: event.item.type === 'assistant_message' ? null : state.progress,
      };
    case 'thread.item.done':
      return {
        ...state,
        items: put(state.items, event.item),
        live: without(state.live, event.item.id),
      };
    case 'thread.item.replaced':
      return { ...state, items: put(state.items, event.item) };
    case 'thread.item.removed':
      return { ...state, items: state.items.filter((item) => item.id !== event.item_id) };
    case 'thread.item.updated':
      return {
        ...state,
        items: state.items.map((item) =>
          item.id === event.item_id ? updated(item, event.update) : item,
        ),
      };
    case 'stream_options':
      return { ...state, canStop: event.stream_options.allow_cancel };
    case 'progress_update':
      return { ...state, progress: event.text };
    case 'notice':
      return { ...state, notice: { level: event.level, message: event.message } };
    case 'error':
      return {
        ...state,
        progress: null,
        failure: {
          message: event.message ?? 'The assistant could not answer.',
          remedy: event.allow_retry ? 'retry' : null,
        },
      };
    default:
      return state;
  }
}

function put(items: readonly Item[], item: Item): Item[] {
  const known = items.findIndex((other) => other.id === item.id);
  if (known >= 0) return items.with(known, item);
  const unsent = items.findIndex(isUnsent);
  if (unsent < 0) return [...items, item];
  // The server's user message is what our oldest bubble stands for; all else comes before those that wait.
  return items.toSpliced(unsent, item.type === 'user_message' ? 1 : 0, item);
}

function without(ids: ReadonlySet<string>, id: string): Set<string> {
  const rest = new Set(ids);
  rest.delete(id);
  return rest;
}

function updated(item: Item, update: ItemUpdate): Item {
  switch (update.type) {
    case 'assistant_message.content_part.added':
    case 'assistant_message.content_part.done':
      if (item.type !== 'assistant_message') return item;
      return { ...item, content: withAt(item.content, update.content_index, update.content) };
    case 'assistant_message.content_part.text_delta': {
      if (item.type !== 'assistant_message') return item;
      const part = item.content[update.content_index] ?? { type: 'output_text', text: '' };
      const grown = { ...part, text: part.text + update.delta };
      return { ...item, content: withAt(item.content, update.content_index, grown) };
    }
    case 'workflow.task.added':
    case 'workflow.task.updated': {
      if (item.type !== 'workflow') return item;
      const tasks = withAt(item.workflow.tasks, update.task_index, update.task);
      return { ...item, workflow: { ...item.workflow, tasks } };
    }
    case 'widget.root.updated':
      return item.type === 'widget' ? { ...item, widget: update.widget } : item;
    case 'widget.component.updated':
      if (item.type !== 'widget') return item;
      return { ...item, widget: mapNode(item.widget, update.component_id, () => update.component) };
    case 'widget.streaming_text.value_delta': {
      if (item.type !== 'widget') return item;
      const grow = (node: WidgetNode) => ({
        ...node,
        value: String(node.value ?? '') + update.delta,
      });
      return { ...item, widget: mapNode(item.widget, update.component_id, grow) };
    }
    default:
      return item;
  }
}

function withAt<T>(list: readonly T[], index: number, value: T): T[] {
  const copy = [...list];
  copy[index] = value;
  return copy;
}

function mapNode(
  node: WidgetNode,
  id: string,
  change: (node: WidgetNode) => WidgetNode,
): WidgetNode {
  if (node.id === id) return change(node);
  if (!node.children) return node;
  const children = Array.isArray(node.children)
    ? node.children.map((child) => mapNode(child, id, change))
    : mapNode(node.children, id, change);
  return { ...node, children };
}
