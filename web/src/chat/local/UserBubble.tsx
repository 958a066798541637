import { isUnsent } from './protocol/conversation';
import { textOf, type UserMessage } from './protocol/types';

/** What the person said. */
export function UserBubble({ item }: { item: UserMessage }) {
  return (
    <article className="said-by-user" aria-label="You" data-unsent={isUnsent(item)}>
      <p dir="auto">{textOf(item)}</p>
    </article>
  );
}
