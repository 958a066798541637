import { useEffect, useRef, useState } from 'react';
import { Children } from './Children';
import { childrenOf, type NodeProps } from './nodes';
import { StatusLine } from './StatusLine';

const SHOWN = 50;
const CONTROL = 'input, textarea, button';

/** A list of rows; of a long one, the first. When the row with the focus goes away, the next one gets it. */
export function ListView({ node }: NodeProps<'ListView'>) {
  const list = useRef<HTMLUListElement>(null);
  const focusedRow = useRef(-1);
  const [all, setAll] = useState(false);
  const rows = childrenOf(node);
  const limit = typeof node.limit === 'number' ? node.limit : SHOWN;
  const shown = all ? rows : rows.slice(0, limit);

  useEffect(() => {
    if (all) list.current?.children[limit]?.querySelector<HTMLElement>(CONTROL)?.focus();
  }, [all, limit]);

  useEffect(() => {
    const lost = document.activeElement === document.body && focusedRow.current >= 0;
    const row = list.current?.children[Math.min(focusedRow.current, shown.length - 1)];
    if (lost) row?.querySelector<HTMLElement>(CONTROL)?.focus();
  }, [shown.length]);

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
          <Children of={{ children: shown }} />
        </ul>
      ) : (
        <p className="widget-empty">Nothing here. Tell me what you have to do.</p>
      )}
      {shown.length < rows.length && (
        <button className="widget-more" type="button" onClick={() => setAll(true)}>
          Show {rows.length - shown.length} more
        </button>
      )}
    </section>
  );
}
