import { CardButton } from './CardButton';
import { Children } from './Children';
import type { NodeProps } from './nodes';
import { StatusLine } from './StatusLine';

/** A framed widget, with up to two buttons at its foot. */
export function Card({ node }: NodeProps<'Card'>) {
  const { status, confirm, cancel } = node;
  return (
    <section className="widget-card" data-size={node.size}>
      {status && <StatusLine status={status} />}
      <div className="widget-card-body">
        <Children of={node} />
      </div>
      {(confirm || cancel) && (
        <footer className="widget-card-foot">
          {cancel && <CardButton label={cancel.label} action={cancel.action} kind="secondary" />}
          {confirm && <CardButton label={confirm.label} action={confirm.action} kind="primary" />}
        </footer>
      )}
    </section>
  );
}
