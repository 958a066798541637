import { useEffect, useRef } from 'react';
import { Children } from './Children';
import { childrenOf, type NodeProps } from './nodes';
import { StatusLine } from './StatusLine';

/** A list of rows. When the row with the focus goes away, the next one gets it. */
export function ListView({ node }: NodeProps<'ListView'>) {
  const list = useRef<HTMLUListElement>(null);
  const focusedRow = useRef(-1);
  const rows = childrenOf(node);

  useEffect(() => {
    const lost = document.activeElement === document.body && focusedRow.current >= 0;
    const row = list.current?.children[Math.min(focusedRow.current, rows.length - 1)];
    if (lost) row?.querySelector<HTMLElement>('input, textarea, button')?.focus();
  }, [rows.length]);

  return (
    <section
      className="widget-list"
      aria-label={node.status?.text}
      onFocus={(event) => {
        const row = event.target.closest('li');
        focusedRow.current = row ? Array.from(list.current?.children ?? []).indexOf(row) : -1;
      }}
      onBlur={(event) => {
        if (event.relatedTarget) focusedRow.current = -1;
      }}
    >
      {node.status && <StatusLine status={node.status} />}
      {rows.length > 0 ? (
        <ul ref={list}>
          <Children of={node} />
        </ul>
      ) : (
        <p className="widget-empty">Nothing here. Tell me what you have to do.</p>
      )}
    </section>
  );
}
