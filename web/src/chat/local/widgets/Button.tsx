import { useContext } from 'react';
import { Icon } from '../../../app/Icon';
import { iconName } from './iconName';
import type { NodeProps } from './nodes';
import { RowContext } from './RowContext';
import { useAction } from './useAction';

/** A button. In a list row, one that has a picture shows that alone and keeps its words as its name. */
export function Button({ node }: NodeProps<'Button'>) {
  const { run, pending } = useAction(node.onClickAction);
  const row = useContext(RowContext);
  const icon = iconName(node.iconStart);
  const pictureOnly = Boolean(icon && (row !== null || !node.label));

  return (
    <button
      className={pictureOnly ? 'button-icon' : 'widget-button'}
      type={node.submit ? 'submit' : 'button'}
      data-color={node.color}
      data-style={node.style}
      data-variant={node.variant}
      disabled={node.disabled}
      aria-disabled={pending || undefined}
      aria-label={row ? `${node.label ?? node.iconStart}: ${row}` : undefined}
      title={pictureOnly ? node.label : undefined}
      onClick={node.submit ? undefined : () => run()}
    >
      {icon && <Icon name={icon} />}
      {!pictureOnly && node.label}
    </button>
  );
}
