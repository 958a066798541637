import { useEffect } from 'react';
import { useLatest } from './useLatest';

type Actions = { onStop: () => void; onFocusComposer: () => void };

/** Esc stops the answer unless it closes something; `/` leads to the composer. */
export function useShortcuts(actions: Actions): void {
  const latest = useLatest(actions);

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === 'Escape' && !document.querySelector(':popover-open, dialog[open]')) {
        latest.current.onStop();
      }
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key === '/' && plain && !isEditable(event.target)) {
        event.preventDefault();
        latest.current.onFocusComposer();
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [latest]);
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog') !== null;
}
