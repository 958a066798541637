import { Logo } from './Logo';

type Props = { problem?: string; onRetry?: () => void };

/** What is on the screen while nothing else can be: a sign of life, or the reason. */
export function Splash({ problem, onRetry }: Props) {
  return (
    <main className="splash">
      <Logo />
      <h1 className="visually-hidden">Todo</h1>
      {problem ? <p role="alert">{problem}</p> : <p role="status">Opening your list…</p>}
      {onRetry && (
        <button className="button-secondary" type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </main>
  );
}
