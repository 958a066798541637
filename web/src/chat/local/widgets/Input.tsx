import type { NodeProps } from './nodes';

/** A field of one line. */
export function Input({ node }: NodeProps<'Input'>) {
  return (
    <input
      className="widget-input"
      name={node.name}
      type={node.inputType ?? 'text'}
      defaultValue={node.defaultValue}
      placeholder={node.placeholder}
      pattern={node.pattern}
      required={node.required}
      disabled={node.disabled}
      aria-label={node.placeholder ?? node.name}
      dir="auto"
    />
  );
}
