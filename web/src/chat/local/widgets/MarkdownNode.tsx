import { MarkdownText } from '../MarkdownText';
import type { NodeProps } from './nodes';

/** Markdown in a widget. */
export function MarkdownNode({ node }: NodeProps<'Markdown'>) {
  return <MarkdownText text={node.value} />;
}
