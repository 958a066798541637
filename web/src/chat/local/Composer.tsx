import {
  type FormEvent,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useRef,
} from 'react';
import { Icon } from '../../app/Icon';
import { GrowingField } from './GrowingField';
import { excessOf, LONGEST_MESSAGE } from './messageLength';
import type { Conversation } from './protocol/conversation';
import './styles/composer.css';

export type ComposerHandle = { focus: () => void };

type Props = {
  ref: Ref<ComposerHandle>;
  draft: string;
  placeholder: string | undefined;
  phase: Conversation['phase'];
  canStop: boolean;
  locked: boolean;
  onChange: (text: string) => void;
  onSend: (text: string) => void;
  onStop: () => void;
};

/** Where a person writes. */
export function Composer(props: Props) {
  const { ref, draft, placeholder, phase, canStop, locked, onChange, onSend, onStop } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  const excess = excessOf(draft);
  const canSend = draft.trim() !== '' && excess === 0 && phase === 'ready' && !locked;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (canSend) onSend(draft);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // While an input method composes, Enter belongs to it; Safari says so only by the key code 229.
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !composing) submit(event);
  }

  function stop(event: MouseEvent) {
    // The second half of a double click on Send is not meant for what stands there by then.
    if (event.detail < 2) onStop();
  }

  return (
    <form className="composer" onSubmit={submit}>
      <GrowingField
        className="composer-field"
        ref={field}
        value={draft}
        disabled={locked}
        placeholder={locked ? 'This conversation is closed.' : placeholder}
        aria-label="Message"
        aria-invalid={excess > 0}
        aria-describedby={excess > 0 ? `${id}-excess` : undefined}
        dir="auto"
        enterKeyHint="send"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {phase === 'answering' && canStop ? (
        <button className="composer-button" type="button" aria-label="Stop" onClick={stop}>
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
      {excess > 0 && (
        <p className="composer-excess" id={`${id}-excess`}>
          <span role="alert">
            One message holds {LONGEST_MESSAGE.toLocaleString('en')} characters. Shorten it to send
            it:
          </span>{' '}
          {excess.toLocaleString('en')} too many.
        </p>
      )}
    </form>
  );
}
