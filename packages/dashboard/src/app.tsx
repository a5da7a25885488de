import { Problem } from './api/client.ts';
import { useFields, useMe } from './api/queries.ts';
import { ErrorNote } from './parts/error-note.tsx';
import { Logo } from './parts/icon.tsx';
import { Frame } from './screens/frame.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { text } from './text.ts';

/** Finds out who is asking, then shows the screen, the way to sign in, or what went wrong. */
export function App() {
  const me = useMe();
  const fields = useFields(me.isSuccess);
  if (me.error instanceof Problem && (me.error.status === 401 || me.error.status === 403)) {
    return <SignIn onRetry={() => void me.refetch()} />;
  }
  if (me.data !== undefined && fields.data !== undefined) return <Frame me={me.data} fields={fields.data} />;
  const failed = me.error ?? fields.error;
  return (
    <div className="lone" aria-busy={failed === null}>
      <Logo />
      {failed === null ? (
        <p className="visually-hidden">{text.product}</p>
      ) : (
        <ErrorNote error={failed} onRetry={() => void (me.isError ? me.refetch() : fields.refetch())} />
      )}
    </div>
  );
}
