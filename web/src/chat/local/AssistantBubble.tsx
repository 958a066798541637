import { CopyButton } from './CopyButton';
import { MarkdownText } from './MarkdownText';
import { type AssistantMessage, textOf } from './protocol/types';

type Props = { item: AssistantMessage; live: boolean };

/** What the assistant said, or is saying. */
export function AssistantBubble({ item, live }: Props) {
  const text = textOf(item);
  return (
    <article className="said-by-assistant" aria-label="Assistant" aria-busy={live}>
      <MarkdownText text={text} />
      {!live && text && <CopyButton label="Copy answer" text={text} />}
    </article>
  );
}
