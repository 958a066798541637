import { Children } from './Children';
import { childrenOf, firstText, type NodeProps } from './nodes';
import { RowContext } from './RowContext';
import { boxStyle } from './style';
import { useAction } from './useAction';

/** One row of a list; with an action of its own the row is a button. */
export function ListViewItem({ node }: NodeProps<'ListViewItem'>) {
  const { run, pending } = useAction(node.onClickAction);
  const style = boxStyle(node, 'row');
  return (
    <RowContext value={firstText(childrenOf(node))}>
      <li className="widget-row" style={node.onClickAction ? undefined : style}>
        {node.onClickAction ? (
          <button
            className="widget-row-button"
            type="button"
            style={style}
            aria-disabled={pending}
            onClick={() => run()}
          >
            <Children of={node} />
          </button>
        ) : (
          <Children of={node} />
        )}
      </li>
    </RowContext>
  );
}
