import { EditableText } from './EditableText';
import type { NodeProps } from './nodes';

/** A text; an editable one is a field that looks like it. */
export function Text({ node }: NodeProps<'Text'>) {
  if (node.editable) return <EditableText node={node} editable={node.editable} />;
  return (
    <span
      className="widget-text"
      data-size={node.size}
      data-color={typeof node.color === 'string' ? node.color : undefined}
      data-weight={node.weight}
      data-done={node.lineThrough}
      data-italic={node.italic}
      dir="auto"
    >
      {node.value}
    </span>
  );
}
