import { Node } from './Node';
import { childrenOf } from './nodes';

/** The children of a node; keyed as the server keyed them, so that focus survives a new tree. */
export function Children({ of }: { of: { children?: unknown } }) {
  return childrenOf(of).map((child, index) => (
    <Node key={child.key ?? child.id ?? `${child.type}-${index}`} node={child} />
  ));
}
