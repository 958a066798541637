import { type FormEvent, useId, useState } from 'react';
import { auth } from './client';

type Mode = 'sign-in' | 'sign-up';

/** The card that signs a person in, or up. */
export function SignIn() {
  const [mode, setMode] = useState<Mode>('sign-in');
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const id = useId();
  const isNew = mode === 'sign-up';

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get('email'));
    const password = String(form.get('password'));
    setPending(true);
    setProblem(null);
    const { error } = isNew
      ? await auth.signUp.email({ email, password, name: String(form.get('name')) })
      : await auth.signIn.email({ email, password });
    setPending(false);
    if (error) setProblem(error.message ?? 'That did not work. Please try again.');
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit} aria-labelledby={`${id}-title`}>
        <h1 id={`${id}-title`}>{isNew ? 'Create an account' : 'Sign in'}</h1>
        {isNew && (
          <label>
            Name
            <input name="name" autoComplete="name" required maxLength={100} dir="auto" />
          </label>
        )}
        <label>
          E-mail
          <input name="email" type="email" autoComplete="email" required />
        </label>
        <label>
          Password
          <input
            name="password"
            type="password"
            autoComplete={isNew ? 'new-password' : 'current-password'}
            minLength={isNew ? 8 : undefined}
            maxLength={128}
            required
          />
        </label>
        {problem && <p role="alert">{problem}</p>}
        <button type="submit" disabled={pending}>
          {isNew ? 'Create account' : 'Sign in'}
        </button>
        <button type="button" onClick={() => setMode(isNew ? 'sign-in' : 'sign-up')}>
          {isNew ? 'I have an account already' : 'I am new here'}
        </button>
      </form>
    </main>
  );
}
