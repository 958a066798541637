import { lazy, Suspense } from 'react';

const Markdown = lazy(() => import('./Markdown').then(({ Markdown }) => ({ default: Markdown })));

/** A text in Markdown; until the renderer has come it is shown as it was written. */
export function MarkdownText({ text }: { text: string }) {
  const plain = (
    <p className="plain" dir="auto">
      {text}
    </p>
  );
  return (
    <div className="markdown">
      <Suspense fallback={plain}>
        <Markdown text={text} />
      </Suspense>
    </div>
  );
}
