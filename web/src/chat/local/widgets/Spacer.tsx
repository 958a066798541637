import type { NodeProps } from './nodes';
import { length } from './style';

/** Takes the room that is left. */
export function Spacer({ node }: NodeProps<'Spacer'>) {
  return <span className="widget-spacer" style={{ minInlineSize: length(node.minSize) }} />;
}
