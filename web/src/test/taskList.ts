import type { WidgetItem, WidgetNode } from '../chat/local/protocol/types';

type Row = { id: number; title: string; completed?: boolean };

/** The widget of specs/003-chat-page/contracts/task-list.md for these tasks. */
export function taskList(...rows: Row[]): WidgetNode {
  const done = rows.filter((row) => row.completed).length;
  return {
    type: 'ListView',
    status: { text: `${done} of ${rows.length} done`, icon: 'check-circle' },
    limit: 'auto',
    children: rows.map(taskRow),
  };
}

/** The list of these tasks as an item. */
export function listItem(id: string, ...rows: Row[]): WidgetItem {
  return { id, thread_id: 'thr_1', created_at: '', type: 'widget', widget: taskList(...rows) };
}

function taskRow({ id, title, completed = false }: Row): WidgetNode {
  const action = (type: string, payload: object, loadingBehavior: string) => ({
    type,
    payload: { task_id: id, ...payload },
    handler: 'server',
    loadingBehavior,
    streaming: false,
  });
  return {
    type: 'ListViewItem',
    key: `task-${id}`,
    gap: 3,
    align: 'center',
    children: [
      {
        type: 'Checkbox',
        name: `task_${id}`,
        defaultChecked: completed,
        onChangeAction: action('task.set_completed', { completed: !completed }, 'self'),
      },
      {
        type: 'Form',
        direction: 'row',
        flex: 1,
        gap: 2,
        align: 'center',
        onSubmitAction: action('task.rename', {}, 'self'),
        children: [
          {
            type: 'Text',
            value: title,
            lineThrough: completed,
            editable: { name: 'title', required: true },
          },
          { type: 'Button', submit: true, label: 'Save', size: 'xs', variant: 'soft' },
        ],
      },
      { type: 'Caption', value: `#${id}` },
      {
        type: 'Button',
        label: 'Delete',
        iconStart: 'lucide:trash-2',
        size: 'xs',
        variant: 'ghost',
        color: 'danger',
        onClickAction: action('task.delete', {}, 'container'),
      },
    ],
  };
}
