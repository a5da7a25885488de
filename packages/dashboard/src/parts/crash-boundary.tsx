import { Component, type ReactNode } from 'react';
import { text } from '../text.ts';

/** Catches a fault of the dashboard itself, so that the page says so instead of going blank. */
export class CrashBoundary extends Component<{ children: ReactNode }, { message: string | null }> {
  override state = { message: null as string | null };

  static getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === null) return this.props.children;
    return (
      <div className="lone" role="alert">
        <h1>{text.error.crashed}</h1>
        <p className="muted">{this.state.message}</p>
        <button type="button" className="button primary" onClick={() => window.location.reload()}>
          {text.error.reload}
        </button>
      </div>
    );
  }
}
