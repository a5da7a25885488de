import type { Me } from '@vedette/contract';
import { lazy, Suspense, useDeferredValue, useEffect, useState } from 'react';
import { Problem } from './api/client.ts';
import { useFields, useMe } from './api/queries.ts';
import { Logo } from './parts/icon.tsx';
import { ErrorState } from './parts/ui/error-state.tsx';
import { Frame } from './screens/frame.tsx';
import { followAccount } from './state/language.ts';
import { goTo, usePath } from './state/location.ts';
import { returnToPlace } from './state/return-place.ts';
import { text } from './text.ts';

const LogIn = lazy(() => import('./screens/log-in.tsx').then(({ LogIn: screen }) => ({ default: screen })));
const SetUp = lazy(() => import('./screens/set-up.tsx'));
const Invitation = lazy(() => import('./screens/invitation.tsx'));
const EmailChange = lazy(() => import('./screens/email-change.tsx'));
const PasswordReset = lazy(() => import('./screens/password-reset.tsx'));

/** Finds out who is asking, then shows the screen, the way in, or what went wrong. */
export function App() {
  return (
    <Suspense fallback={<Waiting />}>
      <Way />
    </Suspense>
  );
}

function Way() {
  const path = usePath();
  const me = useMe();
  const locale = me.data?.user?.locale ?? null;
  useEffect(() => void followAccount(locale), [locale]);
  const outside = me.error instanceof Problem && (me.error.status === 401 || me.error.status === 403);
  const retry = () => void me.refetch();
  if (path === '/password-reset') return <PasswordReset />;
  if (path === '/invitation' && (outside || me.data !== undefined)) {
    return <Invitation me={outside ? null : (me.data ?? null)} onRetry={retry} />;
  }
  if (path === '/email-change' && (outside || me.data !== undefined)) {
    return <EmailChange me={outside ? null : (me.data ?? null)} onRetry={retry} />;
  }
  if (outside) return <LogIn onRetry={retry} />;
  if (me.data !== undefined) return <Inside me={me.data} path={path} />;
  return <Waiting error={me.error} onRetry={retry} />;
}

function Inside({ me, path }: { me: Me; path: string }) {
  const fields = useFields(true);
  // The frame and its first screen are drawn a piece at a time.
  const known = useDeferredValue(fields.data);
  const [later, setLater] = useState(false);
  const first = !me.set_up && me.principal.kind === 'link';
  useEffect(() => {
    if (path === '/log-in') goTo('/', { replace: true });
    if (me.user !== null) returnToPlace();
  }, [path, me.user]);
  if (path === '/set-up' || (first && path === '/' && !later)) {
    return (
      <SetUp
        me={me}
        onLater={() => {
          setLater(true);
          goTo('/', { replace: true });
        }}
      />
    );
  }
  if (known !== undefined) return <Frame me={me} fields={known} />;
  return <Waiting error={fields.error} onRetry={() => void fields.refetch()} />;
}

function Waiting({ error = null, onRetry }: { error?: Error | null; onRetry?: () => void }) {
  return (
    <div className="lone" aria-busy={error === null}>
      <Logo />
      {error === null || onRetry === undefined ? (
        <p className="visually-hidden">{text.product}</p>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </div>
  );
}
