import { Icon } from '../../../app/Icon';
import { iconName } from './iconName';
import type { NodeProps } from './nodes';

/** A picture; one that we do not have leaves no gap. */
export function IconNode({ node }: NodeProps<'Icon'>) {
  const name = iconName(node.name);
  return name && <Icon name={name} />;
}
