import { useEffect } from 'react';
import { useLatest } from './useLatest';

type Actions = { onLeave: () => void; onReturn: () => void };

/** Tells when the page is left, which it may not come back from, and when it is looked at again. */
export function usePageLifecycle(actions: Actions): void {
  const latest = useLatest(actions);

  useEffect(() => {
    const leave = () => latest.current.onLeave();
    const change = () => {
      if (document.visibilityState === 'visible') latest.current.onReturn();
    };
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', change);
    return () => {
      window.removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', change);
    };
  }, [latest]);
}
