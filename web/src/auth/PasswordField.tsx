import { useId, useState } from 'react';
import { Icon } from '../app/Icon';

const SHORTEST = 8;

/** A password with a button that shows it. */
export function PasswordField({ isNew }: { isNew: boolean }) {
  const [shown, setShown] = useState(false);
  const id = useId();

  return (
    <div className="field">
      <label htmlFor={id}>Password</label>
      <div className="field-with-button">
        <input
          id={id}
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          minLength={isNew ? SHORTEST : undefined}
          maxLength={128}
          aria-describedby={isNew ? `${id}-hint` : undefined}
          required
        />
        <button
          className="button-icon"
          type="button"
          aria-label="Show password"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? 'eye-off' : 'eye'} />
        </button>
      </div>
      {isNew && (
        <small id={`${id}-hint`} className="field-hint">
          At least {SHORTEST} characters
        </small>
      )}
    </div>
  );
}
