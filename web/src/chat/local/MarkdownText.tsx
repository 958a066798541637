import { type ComponentType, lazy, Suspense } from 'react';

type Props = { text: string };

/** Fetches the Markdown renderer, which the first paint does not need. */
export const loadMarkdown = () => import('./Markdown');

const Markdown = lazy<ComponentType<Props>>(() =>
  loadMarkdown().then(
    ({ Markdown }) => ({ default: Markdown }),
    () => ({ default: PlainText }), // an answer is worth more than its looks
  ),
);

/** A text in Markdown; until the renderer has come, or without it, it is shown as it was written. */
export function MarkdownText({ text }: Props) {
  return (
    <div className="markdown">
      <Suspense fallback={<PlainText text={text} />}>
        <Markdown text={text} />
      </Suspense>
    </div>
  );
}

function PlainText({ text }: Props) {
  return (
    <p className="plain" dir="auto">
      {text}
    </p>
  );
}
