import type { NodeProps } from './nodes';

/** A word in a coloured field. */
export function Badge({ node }: NodeProps<'Badge'>) {
  return (
    <span className="widget-badge" data-color={node.color} dir="auto">
      {node.label}
    </span>
  );
}
