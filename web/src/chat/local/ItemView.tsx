import { memo } from 'react';
import { AssistantBubble } from './AssistantBubble';
import type { Action, Item } from './protocol/types';
import { UserBubble } from './UserBubble';
import { WorkflowLines } from './WorkflowLines';
import { Widget } from './widgets/Widget';

type Props = {
  item: Item;
  live: boolean;
  act: (action: Action, itemId: string) => Promise<void>;
};

/** One item of a conversation; a kind that we do not know is not shown. */
export const ItemView = memo(function ItemView({ item, live, act }: Props) {
  switch (item.type) {
    case 'user_message':
      return <UserBubble item={item} />;
    case 'assistant_message':
      return <AssistantBubble item={item} live={live} />;
    case 'workflow':
      return <WorkflowLines tasks={item.workflow.tasks} live={live} />;
    case 'widget':
      return (
        <Widget
          root={item.widget}
          copyText={item.copy_text}
          act={(action) => act(action, item.id)}
        />
      );
    default:
      return null;
  }
});
