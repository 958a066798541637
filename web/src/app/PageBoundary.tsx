import { Component, type ReactNode } from 'react';
import { Splash } from './Splash';

/** Says that the page, or a part of it that came later, cannot be shown, in place of an empty screen. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Splash
        problem="A part of this page could not be loaded."
        onRetry={() => window.location.reload()}
      />
    );
  }
}
