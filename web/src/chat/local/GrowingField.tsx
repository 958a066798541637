import type { ComponentProps } from 'react';
import './styles/growing-field.css';

type Props = ComponentProps<'textarea'> & { value: string };

/** A text area as high as its text, at every width; how high it may get is the style sheet's matter. */
export function GrowingField({ className = '', ...props }: Props) {
  return (
    <span className={`growing-field ${className}`} data-text={props.value} dir={props.dir}>
      <textarea rows={1} {...props} />
    </span>
  );
}
