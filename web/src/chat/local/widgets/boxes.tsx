import { Children } from './Children';
import type { NodeProps } from './nodes';
import { boxStyle } from './style';

/** A row of nodes. */
export function Row({ node }: NodeProps<'Row'>) {
  return (
    <div style={boxStyle(node, 'row')}>
      <Children of={node} />
    </div>
  );
}

/** A column of nodes. */
export function Col({ node }: NodeProps<'Col'>) {
  return (
    <div style={boxStyle(node, 'column')}>
      <Children of={node} />
    </div>
  );
}

/** A row or column of nodes. */
export function Box({ node }: NodeProps<'Box'>) {
  return node.direction === 'row' ? (
    <Row node={{ ...node, type: 'Row' }} />
  ) : (
    <Col node={{ ...node, type: 'Col' }} />
  );
}

/** A root without a frame. */
export function Basic({ node }: NodeProps<'Basic'>) {
  return (
    <div style={boxStyle(node, node.direction === 'row' ? 'row' : 'column')}>
      <Children of={node} />
    </div>
  );
}
