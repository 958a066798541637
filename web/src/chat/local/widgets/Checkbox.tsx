import { useContext, useId, useState } from 'react';
import type { NodeProps } from './nodes';
import { RowContext } from './RowContext';
import { useAction } from './useAction';

/** A checkbox: shows the wanted state at once, and the server's word when that comes. */
export function Checkbox({ node }: NodeProps<'Checkbox'>) {
  const { run, pending } = useAction(node.onChangeAction);
  const row = useContext(RowContext);
  const id = useId();
  const said = Boolean(node.defaultChecked);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const checked = wanted ?? said;

  async function change() {
    if (pending) return;
    setWanted(!checked);
    await run();
    if (node.onChangeAction) setWanted(null); // by now the tree says what is so
  }

  return (
    <span className="widget-checkbox">
      <input
        id={id}
        type="checkbox"
        name={node.name}
        checked={checked}
        disabled={node.disabled}
        required={node.required}
        aria-label={node.label ? undefined : (row ?? node.name)}
        aria-busy={pending}
        onChange={change}
      />
      {node.label && (
        <label htmlFor={id} dir="auto" data-done={checked}>
          {node.label}
        </label>
      )}
    </span>
  );
}
