import { useRef, useState } from 'react';
import { Icon } from '../../app/Icon';
import { ConfirmDialog } from './ConfirmDialog';
import { type Thread, timeOf } from './protocol/types';
import { RenameForm } from './RenameForm';

type Props = {
  thread: Thread;
  isCurrent: boolean;
  locale: string | undefined;
  onOpen: () => void;
  onRename: ((title: string) => void) | undefined;
  onDelete: (() => void) | undefined;
};

/** One conversation of the history. */
export function HistoryEntry({ thread, isCurrent, locale, onOpen, onRename, onDelete }: Props) {
  const [mode, setMode] = useState<'shown' | 'renaming' | 'deleting'>('shown');
  const renameButton = useRef<HTMLButtonElement>(null);
  const title = thread.title ?? 'Untitled';

  function endRenaming(newTitle: string | null) {
    setMode('shown');
    if (newTitle && newTitle !== title) onRename?.(newTitle);
    requestAnimationFrame(() => renameButton.current?.focus());
  }

  if (mode === 'renaming') {
    return (
      <li className="history-entry">
        <RenameForm title={title} onEnd={endRenaming} />
      </li>
    );
  }
  return (
    <li className="history-entry" data-current={isCurrent}>
      <button
        className="history-open"
        type="button"
        aria-current={isCurrent ? 'page' : undefined}
        onClick={onOpen}
      >
        <span dir="auto">{title}</span>
        <time dateTime={thread.created_at}>{dayOf(thread, locale)}</time>
      </button>
      {onRename && (
        <button
          ref={renameButton}
          className="button-icon"
          type="button"
          aria-label={`Rename ${title}`}
          onClick={() => setMode('renaming')}
        >
          <Icon name="pencil" />
        </button>
      )}
      {onDelete && (
        <button
          className="button-icon"
          type="button"
          aria-label={`Delete ${title}`}
          onClick={() => setMode('deleting')}
        >
          <Icon name="trash" />
        </button>
      )}
      {mode === 'deleting' && (
        <ConfirmDialog
          question="Delete this conversation?"
          detail={`“${title}” and its messages are deleted for good. Your tasks stay.`}
          confirm="Delete"
          onCancel={() => setMode('shown')}
          onConfirm={() => onDelete?.()}
        />
      )}
    </li>
  );
}

function dayOf(thread: Thread, locale: string | undefined): string {
  const time = timeOf(thread.created_at);
  if (Number.isNaN(time.valueOf())) return '';
  const today = time.toDateString() === new Date().toDateString();
  return today
    ? time.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' })
    : time.toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' });
}
