import type { ReactNode } from 'react';
import { Icon } from '../../app/Icon';

type Props = {
  /** The name of the conversation; a new one has none. */
  title: string | undefined;
  onShowHistory?: (() => void) | undefined;
  onNew?: (() => void) | undefined;
  children: ReactNode;
};

/** The line above the conversation. */
export function Header({ title, onShowHistory, onNew, children }: Props) {
  return (
    <header className="chat-header">
      {onShowHistory && (
        <button
          className="button-icon"
          type="button"
          aria-label="Conversations"
          onClick={onShowHistory}
        >
          <Icon name="menu" />
        </button>
      )}
      <h1 className="chat-title" data-new={!title} dir="auto">
        {title ?? 'Todo'}
      </h1>
      <div className="toolbar">
        {onNew && (
          <button
            className="button-icon"
            type="button"
            aria-label="New conversation"
            onClick={onNew}
          >
            <Icon name="compose" />
          </button>
        )}
        {children}
      </div>
    </header>
  );
}
