import type { AssistantMessage, ServerEvent, UserMessage } from '../chat/local/protocol/types';

const at = { thread_id: 'thr_1', created_at: '2026-11-22T14:39:00Z' };

export const thread = {
  id: 'thr_1',
  title: 'Groceries',
  created_at: at.created_at,
  status: { type: 'active' },
};

export function userMessage(id: string, text: string): UserMessage {
  return { ...at, id, type: 'user_message', content: [{ type: 'input_text', text }] };
}

export function assistantMessage(id: string, text: string): AssistantMessage {
  return { ...at, id, type: 'assistant_message', content: [{ type: 'output_text', text }] };
}

/** The beginning of a turn, as the server streams it: thread, message, tool line. */
export function opening(text: string): ServerEvent[] {
  const loading = { type: 'custom', title: 'Adding a task', status_indicator: 'loading' } as const;
  const complete = { type: 'custom', title: 'Added a task', status_indicator: 'complete' } as const;
  return [
    { type: 'thread.created', thread },
    { type: 'thread.item.done', item: userMessage('msg_1', text) },
    { type: 'stream_options', stream_options: { allow_cancel: true } },
    { type: 'progress_update', text: 'Adding a task…' },
    {
      type: 'thread.item.added',
      item: { ...at, id: 'wf_1', type: 'workflow', workflow: { type: 'custom', tasks: [loading] } },
    },
    {
      type: 'thread.item.updated',
      item_id: 'wf_1',
      update: { type: 'workflow.task.updated', task_index: 0, task: complete },
    },
    {
      type: 'thread.item.done',
      item: {
        ...at,
        id: 'wf_1',
        type: 'workflow',
        workflow: { type: 'custom', tasks: [complete] },
      },
    },
  ];
}

/** An answer that grows word by word and is not finished. */
export function speaking(id: string, text: string): ServerEvent[] {
  return [
    { type: 'thread.item.added', item: { ...assistantMessage(id, ''), content: [] } },
    ...text.split(/(?<= )/).map(
      (delta): ServerEvent => ({
        type: 'thread.item.updated',
        item_id: id,
        update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta },
      }),
    ),
  ];
}

/** A whole turn. */
export function turn(question: string, answer: string): ServerEvent[] {
  return [
    ...opening(question),
    ...speaking('msg_2', answer),
    { type: 'thread.item.done', item: assistantMessage('msg_2', answer) },
  ];
}

/** A turn in a conversation that has one already; told by its finished items alone. */
export function laterTurn(question: string, answer: string): ServerEvent[] {
  const workflow = { type: 'custom' as const, tasks: [] };
  return [
    { type: 'thread.item.done', item: userMessage('msg_3', question) },
    { type: 'thread.item.done', item: { ...at, id: 'wf_3', type: 'workflow', workflow } },
    { type: 'thread.item.done', item: assistantMessage('msg_4', answer) },
  ];
}
