import { Component, type ReactNode } from 'react';

/** Keeps one item that cannot be drawn from taking the conversation with it. */
export class ItemBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (this.state.failed) return <p className="item-failed">This part cannot be shown.</p>;
    return this.props.children;
  }
}
