import type { NodeProps } from './nodes';

/** A small text beside the matter. */
export function Caption({ node }: NodeProps<'Caption'>) {
  return (
    <small className="widget-caption" dir="auto">
      {node.value}
    </small>
  );
}
