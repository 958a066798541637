import type { Widgets } from '@openai/chatkit';
import type { Action, WidgetNode } from '../protocol/types';

/** The nodes that we draw, as @openai/chatkit describes them; actions carry more than it says. */
export type NodeTypes = {
  Basic: Widgets.BasicRoot;
  Box: Widgets.Box;
  Row: Widgets.Row;
  Col: Widgets.Col;
  Card: Widgets.Card;
  ListView: Widgets.ListView;
  ListViewItem: Omit<Widgets.ListViewItem, 'onClickAction'> & { onClickAction?: Action };
  Form: Omit<Widgets.Form, 'onSubmitAction'> & { onSubmitAction?: Action };
  Text: Widgets.TextComponent;
  Title: Widgets.Title;
  Caption: Widgets.Caption;
  Markdown: Widgets.Markdown;
  Badge: Widgets.Badge;
  Icon: Widgets.Icon;
  Divider: Widgets.Divider;
  Spacer: Widgets.Spacer;
  Button: Omit<Widgets.Button, 'onClickAction'> & { onClickAction?: Action };
  Checkbox: Omit<Widgets.Checkbox, 'onChangeAction'> & { onChangeAction?: Action };
  Input: Widgets.Input;
};

/** The props of the component that draws a node type. */
export type NodeProps<T extends keyof NodeTypes> = { node: NodeTypes[T] };

/** The children of a node, whether it has none, one or many. */
export function childrenOf(node: { children?: unknown }): WidgetNode[] {
  const { children } = node;
  if (Array.isArray(children)) return children as WidgetNode[];
  return children ? [children as WidgetNode] : [];
}

/** The first words in a tree: the value of a text, or the label of a checkbox. */
export function firstText(nodes: readonly WidgetNode[]): string | null {
  for (const node of nodes) {
    if ((node.type === 'Text' || node.type === 'Title') && node.value) return String(node.value);
    if (node.type === 'Checkbox' && node.label) return String(node.label);
    const inner = firstText(childrenOf(node));
    if (inner) return inner;
  }
  return null;
}
