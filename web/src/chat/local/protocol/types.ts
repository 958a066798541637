// The part of the ChatKit protocol (openai-chatkit 1.6) that our chat speaks. What arrives is JSON from outside:
// anything not listed here is passed over, never an error.

export type Page<T> = { data: T[]; has_more: boolean; after?: string | null };

export type TextPart = { type: string; text: string };

/** One step of a workflow: what a tool does, and whether it is still at it. */
export type Task = {
  type: string;
  title?: string;
  content?: string;
  icon?: string;
  status_indicator?: 'none' | 'loading' | 'complete';
};

export type Workflow = { type: 'custom' | 'reasoning'; tasks: Task[] };

/** What a widget asks the server to do when it is used. */
export type Action = {
  type: string;
  payload?: Record<string, unknown>;
  handler?: 'server' | 'client';
  loadingBehavior?: 'auto' | 'none' | 'self' | 'container';
  streaming?: boolean;
};

/** A node of a widget's tree; which further fields it has depends on its type. */
export type WidgetNode = {
  type: string;
  id?: string;
  key?: string;
  children?: WidgetNode | WidgetNode[];
  [field: string]: unknown;
};

type ItemBase = { id: string; thread_id: string; created_at: string };
export type UserMessage = ItemBase & { type: 'user_message'; content: TextPart[] };
export type AssistantMessage = ItemBase & { type: 'assistant_message'; content: TextPart[] };
export type WidgetItem = ItemBase & { type: 'widget'; widget: WidgetNode; copy_text?: string };
export type WorkflowItem = ItemBase & { type: 'workflow'; workflow: Workflow };
export type Item = UserMessage | AssistantMessage | WidgetItem | WorkflowItem;

export type Thread = {
  id: string;
  title?: string;
  created_at: string;
  status: { type: string; reason?: string };
};

export type ItemUpdate =
  | {
      type: 'assistant_message.content_part.added' | 'assistant_message.content_part.done';
      content_index: number;
      content: TextPart;
    }
  | { type: 'assistant_message.content_part.text_delta'; content_index: number; delta: string }
  | { type: 'widget.root.updated'; widget: WidgetNode }
  | { type: 'widget.component.updated'; component_id: string; component: WidgetNode }
  | { type: 'widget.streaming_text.value_delta'; component_id: string; delta: string }
  | { type: 'workflow.task.added' | 'workflow.task.updated'; task_index: number; task: Task };

export type ServerEvent =
  | { type: 'thread.created' | 'thread.updated'; thread: Thread }
  | { type: 'thread.item.added' | 'thread.item.done' | 'thread.item.replaced'; item: Item }
  | { type: 'thread.item.updated'; item_id: string; update: ItemUpdate }
  | { type: 'thread.item.removed'; item_id: string }
  | { type: 'stream_options'; stream_options: { allow_cancel: boolean } }
  | { type: 'progress_update'; text: string }
  | { type: 'client_effect'; name: string; data?: Record<string, unknown> }
  | { type: 'notice'; level: 'info' | 'warning' | 'danger'; message: string; title?: string }
  | { type: 'error'; code: string; message?: string; allow_retry: boolean };

/** The words of a message. */
export function textOf(item: Item): string {
  if (item.type !== 'user_message' && item.type !== 'assistant_message') return '';
  return item.content.map((part) => part?.text ?? '').join('');
}

/** A time of the server; one without a zone is UTC. */
export function timeOf(stamp: string): Date {
  return new Date(/(z|[+-]\d\d:?\d\d)$/i.test(stamp) ? stamp : `${stamp}Z`);
}
