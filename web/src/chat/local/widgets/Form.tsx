import type { FormEvent } from 'react';
import { Children } from './Children';
import type { NodeProps } from './nodes';
import { boxStyle } from './style';
import { useAction } from './useAction';

/** Fields that are sent together. When it does not work the form is as it was before. */
export function Form({ node }: NodeProps<'Form'>) {
  const { run, pending } = useAction(node.onSubmitAction);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const done = await run(Object.fromEntries(new FormData(form)));
    if (!done) form.reset();
  }

  return (
    <form
      className="widget-form"
      style={boxStyle(node, node.direction === 'row' ? 'row' : 'column')}
      aria-busy={pending}
      onSubmit={submit}
    >
      <Children of={node} />
    </form>
  );
}
