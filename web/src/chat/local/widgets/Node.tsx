import type { ComponentType } from 'react';
import type { WidgetNode } from '../protocol/types';
import { Badge } from './Badge';
import { Button } from './Button';
import { Basic, Box, Col, Row } from './boxes';
import { Caption } from './Caption';
import { Card } from './Card';
import { Checkbox } from './Checkbox';
import { Children } from './Children';
import { Divider } from './Divider';
import { Form } from './Form';
import { IconNode } from './IconNode';
import { Input } from './Input';
import { ListView } from './ListView';
import { ListViewItem } from './ListViewItem';
import { MarkdownNode } from './MarkdownNode';
import type { NodeProps, NodeTypes } from './nodes';
import { Spacer } from './Spacer';
import { Text } from './Text';
import { Title } from './Title';

const drawn: { [T in keyof NodeTypes]: ComponentType<NodeProps<T>> } = {
  Badge,
  Basic,
  Box,
  Button,
  Caption,
  Card,
  Checkbox,
  Col,
  Divider,
  Form,
  Icon: IconNode,
  Input,
  ListView,
  ListViewItem,
  Markdown: MarkdownNode,
  Row,
  Spacer,
  Text,
  Title,
};

/** Draws a node by its type; of one that we do not know, what it holds. */
export function Node({ node }: { node: WidgetNode }) {
  if (!Object.hasOwn(drawn, node.type)) return <Children of={node} />;
  const Drawn = drawn[node.type as keyof NodeTypes] as unknown as ComponentType<{
    node: WidgetNode;
  }>; // the table above is what pairs types with components
  return <Drawn node={node} />;
}
