import type { Action } from '../protocol/types';
import { useAction } from './useAction';

type Props = { label: string; action: Action; kind: 'primary' | 'secondary' };

/** A button at the foot of a card. */
export function CardButton({ label, action, kind }: Props) {
  const { run, pending } = useAction(action);
  return (
    <button
      className={`button-${kind}`}
      type="button"
      aria-disabled={pending}
      onClick={() => run()}
    >
      {label}
    </button>
  );
}
