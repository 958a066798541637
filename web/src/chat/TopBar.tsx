import type { ReactNode } from 'react';
import { Logo } from '../app/Logo';

/** The bar above the hosted element, which knows nothing of accounts. */
export function TopBar({ children }: { children: ReactNode }) {
  return (
    <header className="top-bar">
      <Logo />
      <h1>Todo</h1>
      <div className="toolbar">{children}</div>
    </header>
  );
}
