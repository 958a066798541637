import { type FormEvent, useId, useState } from 'react';
import { Logo } from '../app/Logo';
import { auth } from './client';
import { PasswordField } from './PasswordField';
import './sign-in.css';

type Words = { title: string; lead: string; submit: string; question: string; other: string };

const signInWords: Words = {
  title: 'Welcome back',
  lead: 'Sign in to your list.',
  submit: 'Sign in',
  question: 'New here?',
  other: 'Create an account',
};

const signUpWords: Words = {
  title: 'Create your account',
  lead: 'Then just say what you have to do.',
  submit: 'Create account',
  question: 'Have an account already?',
  other: 'Sign in',
};

/** The card that signs a person in, or up. `ended` tells that they were signed in until now. */
export function SignIn({ ended }: { ended: boolean }) {
  const [isNew, setIsNew] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const id = useId();
  const words = isNew ? signUpWords : signInWords;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    setPending(true);
    setProblem(await authenticate(new FormData(event.currentTarget), isNew));
    setPending(false);
  }

  function change() {
    setIsNew(!isNew);
    setProblem(null);
  }

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={submit} aria-labelledby={`${id}-title`}>
        <Logo />
        <h1 id={`${id}-title`}>{words.title}</h1>
        <p className="sign-in-lead">{words.lead}</p>
        {ended && (
          <p className="sign-in-ended" role="status">
            Your session has ended. What you were writing is kept.
          </p>
        )}
        {isNew && (
          <div className="field">
            <label htmlFor={`${id}-name`}>Name</label>
            <input
              id={`${id}-name`}
              name="name"
              autoComplete="name"
              required
              maxLength={100}
              dir="auto"
            />
          </div>
        )}
        <div className="field">
          <label htmlFor={`${id}-email`}>E-mail</label>
          <input id={`${id}-email`} name="email" type="email" autoComplete="email" required />
        </div>
        <PasswordField key={String(isNew)} isNew={isNew} />
        {problem && (
          <p className="sign-in-problem" role="alert">
            {problem}
          </p>
        )}
        <button className="button-primary" type="submit" aria-disabled={pending}>
          {pending ? 'One moment…' : words.submit}
        </button>
        <p className="sign-in-other">
          {words.question}{' '}
          <button className="button-link" type="button" onClick={change}>
            {words.other}
          </button>
        </p>
      </form>
    </main>
  );
}

/** Signs in or up; gives the reason when it does not work. */
async function authenticate(form: FormData, isNew: boolean): Promise<string | null> {
  const text = (name: string) => String(form.get(name) ?? '');
  const credentials = { email: text('email'), password: text('password') };
  try {
    const { error } = isNew
      ? await auth.signUp.email({ ...credentials, name: text('name').trim() })
      : await auth.signIn.email(credentials);
    return error && reasonOf(error);
  } catch {
    return 'The server cannot be reached. Check the connection and try again.';
  }
}

function reasonOf({ status, message }: { status: number; message?: string | undefined }): string {
  if (status === 429) return 'Too many attempts. Wait a minute and try again.';
  if (status >= 500) return 'Signing in does not work at the moment. Try again in a moment.';
  return message ?? 'That did not work. Please try again.';
}
