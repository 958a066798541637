import { useState } from 'react';
import { tab } from '../../app/storage';

/** The unsent words of one person, kept in this tab until they are sent. */
export function useDraft(owner: string): [string, (text: string) => void] {
  const key = `todo.draft.${owner}`;
  const [draft, setDraft] = useState(() => tab.read(key) ?? '');

  function change(text: string) {
    // Written at once: when the session ends, this component is gone before any effect could run.
    tab.write(key, text);
    setDraft(text);
  }

  return [draft, change];
}
