import { type FormEvent, useEffect, useRef } from 'react';

type Props = { title: string; onEnd: (title: string | null) => void };

/** A title being changed: Enter or leaving takes it, Esc drops it. */
export function RenameForm({ title, onEnd }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const dropped = useRef(false);

  useEffect(() => input.current?.select(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    input.current?.blur();
  }

  return (
    <form className="rename" onSubmit={submit}>
      <input
        ref={input}
        defaultValue={title}
        aria-label="Title of the conversation"
        maxLength={200}
        dir="auto"
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault(); // neither the drawer nor the answer is meant
          dropped.current = true;
          event.currentTarget.blur();
        }}
        onBlur={(event) => onEnd(dropped.current ? null : event.currentTarget.value.trim())}
      />
    </form>
  );
}
