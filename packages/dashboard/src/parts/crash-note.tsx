import { Component, type ReactNode } from 'react';

/** Shows a message in place of a part that failed (a chunk that no longer exists after an update, say). */
export class CrashBoundaryNote extends Component<{ message: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <p className="empty-note">{this.props.message}</p> : this.props.children;
  }
}
