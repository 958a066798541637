import { useContext, useRef, useState } from 'react';
import type { Action } from '../protocol/types';
import { WidgetContext } from './WidgetContext';

/** A control's action: how to run it, and whether it is running. It never runs twice at once. */
export function useAction(action: Action | undefined) {
  const { dispatch } = useContext(WidgetContext);
  const [pending, setPending] = useState(false);
  const running = useRef(false);

  async function run(fields: Record<string, unknown> = {}): Promise<boolean> {
    if (!action || running.current) return false;
    running.current = true;
    setPending(true);
    try {
      // The server's own payload wins: a field cannot name another task.
      return await dispatch({ ...action, payload: { ...fields, ...action.payload } });
    } finally {
      running.current = false;
      setPending(false);
    }
  }

  return { run, pending };
}
