import type { HistoryOption } from '@openai/chatkit';
import { useRef } from 'react';
import { Icon } from '../../app/Icon';
import { Logo } from '../../app/Logo';
import { HistoryEntry } from './HistoryEntry';
import type { Thread } from './protocol/types';
import type { History } from './useHistory';
import './styles/history.css';

type Props = {
  history: History;
  current: string | null;
  options: HistoryOption | undefined;
  locale: string | undefined;
  onOpen: (threadId: string | null) => void;
  onDeleted: () => void;
};

/** The conversations: a new one, the former ones, and what can be done with them. */
export function HistoryPanel({ history, current, options, locale, onOpen, onDeleted }: Props) {
  const { threads, state, problem, hasMore } = history;
  const newButton = useRef<HTMLButtonElement>(null);

  async function remove(thread: Thread) {
    if (!(await history.remove(thread))) return;
    newButton.current?.focus(); // the button that had the focus is gone
    if (thread.id === current) onDeleted();
  }

  return (
    <nav className="history" aria-label="Conversations">
      <p className="brand">
        <Logo />
        Todo
      </p>
      <button ref={newButton} className="history-new" type="button" onClick={() => onOpen(null)}>
        <Icon name="plus" />
        New conversation
      </button>
      {problem && (
        <p className="history-problem" role="alert">
          {problem}{' '}
          <button className="button-link" type="button" onClick={history.load}>
            Try again
          </button>
        </p>
      )}
      {state === 'loading' && <p className="history-note">Loading…</p>}
      {state === 'ready' && threads.length === 0 && (
        <p className="history-note">What you talk about will be listed here.</p>
      )}
      <ul>
        {threads.map((thread) => (
          <HistoryEntry
            key={thread.id}
            thread={thread}
            isCurrent={thread.id === current}
            locale={locale}
            onOpen={() => onOpen(thread.id)}
            onRename={options?.showRename ? (title) => history.rename(thread, title) : undefined}
            onDelete={options?.showDelete ? () => remove(thread) : undefined}
          />
        ))}
      </ul>
      {hasMore && (
        <button className="button-link history-more" type="button" onClick={history.loadMore}>
          Show older conversations
        </button>
      )}
    </nav>
  );
}
