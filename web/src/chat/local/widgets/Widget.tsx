import { useCallback, useMemo, useState } from 'react';
import { CopyButton } from '../CopyButton';
import { asError, reason } from '../protocol/failures';
import type { Action, WidgetNode } from '../protocol/types';
import { Node } from './Node';
import { childrenOf } from './nodes';
import { WidgetContext } from './WidgetContext';
import '../styles/widgets.css';

type Props = {
  root: WidgetNode;
  /** The widget in words, to be copied. */
  copyText?: string | undefined;
  act: (action: Action) => Promise<void>;
};

/** A widget that the server sent: draws its tree and carries out its actions. */
export function Widget({ root, copyText, act }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const dispatch = useCallback(
    async (action: Action) => {
      setProblem(null);
      setBusy(action.loadingBehavior === 'container');
      try {
        await act(action);
        return true;
      } catch (thrown) {
        setProblem(reason(asError(thrown)));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [act],
  );
  const context = useMemo(() => ({ dispatch }), [dispatch]);

  return (
    <WidgetContext value={context}>
      <div className="widget" aria-busy={busy}>
        <Node node={root} />
        {copyText && childrenOf(root).length > 0 && (
          <CopyButton label="Copy list" text={copyText} />
        )}
        {problem && (
          <p className="widget-problem" role="alert" dir="auto">
            {problem}
          </p>
        )}
      </div>
    </WidgetContext>
  );
}
