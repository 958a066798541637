import { type FormEvent, type KeyboardEvent, type Ref, useImperativeHandle, useRef } from 'react';
import { Icon } from '../../app/Icon';
import { useAutosize } from './useAutosize';
import './styles/composer.css';

const LONGEST = 4000;

export type ComposerHandle = { focus: () => void };

type Props = {
  ref: Ref<ComposerHandle>;
  draft: string;
  placeholder: string | undefined;
  answering: boolean;
  canStop: boolean;
  locked: boolean;
  onChange: (text: string) => void;
  onSend: (text: string) => void;
  onStop: () => void;
};

/** Where a person writes. */
export function Composer(props: Props) {
  const { ref, draft, placeholder, answering, canStop, locked, onChange, onSend, onStop } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  useAutosize(field, draft);
  const canSend = draft.trim() !== '' && !answering && !locked;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (canSend) onSend(draft);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter belongs to it; Safari says so only by the key code 229.
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !composing) submit(event);
  }

  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        ref={field}
        rows={1}
        value={draft}
        disabled={locked}
        maxLength={LONGEST}
        placeholder={locked ? 'This conversation is closed.' : placeholder}
        aria-label="Message"
        dir="auto"
        enterKeyHint="send"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {answering && canStop ? (
        <button className="composer-button" type="button" aria-label="Stop" onClick={onStop}>
          <Icon name="stop" />
        </button>
      ) : (
        <button
          className="composer-button"
          type="submit"
          aria-label="Send"
          aria-disabled={!canSend}
        >
          <Icon name="arrow-up" />
        </button>
      )}
    </form>
  );
}
