import type { NodeProps } from './nodes';

/** A heading in a widget. */
export function Title({ node }: NodeProps<'Title'>) {
  return (
    <h2 className="widget-title" dir="auto">
      {node.value}
    </h2>
  );
}
