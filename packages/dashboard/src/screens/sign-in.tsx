import { Command } from '../parts/command.tsx';
import { Logo } from '../parts/icon.tsx';
import { text } from '../text.ts';

/** Shown to a browser without a session. */
export function SignIn({ onRetry }: { onRetry: () => void }) {
  return (
    <main className="lone">
      <Logo />
      <h1>{text.signIn.title}</h1>
      <p className="muted">{text.signIn.lead}</p>
      <p>{text.signIn.again}</p>
      <Command line={text.signIn.command} />
      <button type="button" className="button primary" onClick={onRetry}>
        {text.signIn.retry}
      </button>
    </main>
  );
}
