import { Icon } from '../../app/Icon';
import type { Conversation } from './protocol/conversation';

type Props = { conversation: Conversation; onRecover: () => void };

/** How the open conversation is: loading, at work, or in need of something. */
export function Status({ conversation, onRecover }: Props) {
  const { phase, progress, live, items, notice, failure } = conversation;
  const speaking = items.some((item) => live.has(item.id) && item.type === 'assistant_message');

  return (
    <>
      {phase === 'loading' && <p className="waiting">Loading the conversation…</p>}
      {phase === 'answering' && !speaking && (
        <p className="waiting">
          <span className="waiting-dots" />
          {progress ?? 'Thinking…'}
        </p>
      )}
      {notice && (
        <p className="notice" data-level={notice.level} role="status" dir="auto">
          {notice.message}
        </p>
      )}
      {failure && (
        <div className="failure" data-calm={failure.calm} role={failure.calm ? 'status' : 'alert'}>
          <Icon name="alert" />
          <p dir="auto">{failure.message}</p>
          {failure.remedy && (
            <button className="button-secondary" type="button" onClick={onRecover}>
              Try again
            </button>
          )}
        </div>
      )}
    </>
  );
}
