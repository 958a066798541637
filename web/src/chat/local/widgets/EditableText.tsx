import type { Widgets } from '@openai/chatkit';
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { GrowingField } from '../GrowingField';

type Props = {
  node: Widgets.TextComponent;
  editable: Exclude<Widgets.TextComponent['editable'], false | undefined>;
};

/** A text that is changed where it stands: Enter or leaving sends its form, Esc puts it back. */
export function EditableText({ node, editable }: Props) {
  const [value, setValue] = useState(node.value);
  const [source, setSource] = useState(node.value);
  if (source !== node.value) {
    setSource(node.value);
    setValue(node.value); // the server's word wins
  }
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    const form = field.current?.form;
    const reset = () => setValue(node.value);
    form?.addEventListener('reset', reset);
    return () => form?.removeEventListener('reset', reset);
  }, [node.value]);

  function send() {
    const title = value.trim();
    if (!title || title === node.value) setValue(node.value);
    else field.current?.form?.requestSubmit();
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault(); // a line break is not meant, nor is the answer to be stopped
    if (event.key === 'Escape') setValue(node.value);
    else send();
  }

  function onBlur(event: FocusEvent) {
    const within = field.current?.form?.contains(event.relatedTarget);
    if (!within) send();
  }

  return (
    <GrowingField
      className="widget-editable"
      ref={field}
      name={editable.name}
      value={value}
      required={editable.required}
      placeholder={editable.placeholder}
      aria-label={`Rename ${node.value}`}
      maxLength={200}
      data-done={node.lineThrough}
      dir="auto"
      onChange={(event) => setValue(event.target.value.replaceAll('\n', ' '))}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
    />
  );
}
