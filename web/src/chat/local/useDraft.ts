import { useRef, useState } from 'react';
import { tab } from '../../app/storage';

type Draft = {
  draft: string;
  setDraft: (text: string) => void;
  /** Puts words that were to be sent before those that are being written. */
  giveBack: (text: string) => void;
};

/** The unsent words of one person, kept in this tab until they are sent. */
export function useDraft(owner: string): Draft {
  const key = `todo.draft.${owner}`;
  const [draft, show] = useState(() => tab.read(key) ?? '');
  const newest = useRef(draft);

  function setDraft(text: string) {
    newest.current = text;
    // Written at once: when the session ends, this component is gone before any effect could run.
    tab.write(key, text);
    show(text);
  }

  function giveBack(text: string) {
    setDraft([text, newest.current].filter(Boolean).join('\n'));
  }

  return { draft, setDraft, giveBack };
}
