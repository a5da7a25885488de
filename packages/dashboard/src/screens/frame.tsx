import { useQueryClient } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { FieldInfo } from '../model/chip.ts';
import { screenOf } from '../model/place.ts';
import { CrashBoundaryNote } from '../parts/crash-note.tsx';
import { DropTarget } from '../parts/drop-target.tsx';
import { Footer } from '../parts/footer.tsx';
import { Header } from '../parts/header.tsx';
import { ImportDialog } from '../parts/import-dialog.tsx';
import { UnreachableNote } from '../parts/trouble-note.tsx';
import { usePath } from '../state/location.ts';
import { useReached } from '../state/reach.ts';
import { useRecovery } from '../state/recovery.ts';
import { useViewState } from '../state/use-view-state.ts';
import { ViewContext } from '../state/view-context.ts';
import { text } from '../text.ts';
import { FirstSteps } from './first-steps.tsx';
import { Overview } from './overview.tsx';
import { Sources } from './sources.tsx';
import { UnknownTenant } from './unknown-tenant.tsx';

// Loaded when they are first opened: who only looks at the Overview does not wait for them.
const Interactions = lazy(() => import('./interactions.tsx'));
const Consent = lazy(() => import('./consent.tsx'));
const Privacy = lazy(() => import('./privacy.tsx'));
const Integrations = lazy(() => import('./integrations.tsx'));

/** Header, the screen that the address names, footer; and imports from wherever they begin. */
export function Frame({ me, fields }: { me: Me; fields: readonly FieldInfo[] }) {
  const [files, setFiles] = useState<readonly File[] | null>(null);
  const queries = useQueryClient();
  const screen = screenOf(usePath());
  const { state, span, unknown } = useViewState(screen, me, fields, setFiles);
  const main = useRef<HTMLElement>(null);
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    // As after a page was loaded: the keyboard goes on at its beginning, and screen readers read it out.
    main.current?.focus({ preventScroll: true });
  }, [screen]);
  const reached = useReached();
  useRecovery();
  if (state === null && unknown !== null && me.tenants.length > 0) {
    return <UnknownTenant slug={unknown} screen={screen} me={me} />;
  }
  if (state === null) return <div className="lone">{text.header.noTenant}</div>;
  const tenant = state.tenant.name || state.tenant.slug;
  const title = text.header.titles[screen];
  return (
    <ViewContext value={state}>
      <title>{screen === 'overview' ? text.header.title(tenant) : text.header.titleOf(title, tenant)}</title>
      <Header />
      <main className={reached ? 'main' : 'main unreached'} id="main" tabIndex={-1} ref={main} aria-label={title}>
        {!reached && <UnreachableNote />}
        {screen === 'overview' && <Overview span={span} />}
        {screen === 'sources' && <Sources />}
        {screen === 'first-steps' && <FirstSteps key={state.tenant.id} />}
        <CrashBoundaryNote key={screen} message={text.error.notLoaded}>
          <Suspense fallback={<p className="visually-hidden">{text.loading}</p>}>
            {screen === 'interactions' && <Interactions />}
            {screen === 'consent' && <Consent key={state.tenant.id} />}
            {screen === 'privacy' && <Privacy key={state.tenant.id} />}
            {screen === 'integrations' && <Integrations key={state.tenant.id} />}
          </Suspense>
        </CrashBoundaryNote>
      </main>
      <Footer />
      <DropTarget onFiles={setFiles} />
      {files !== null && (
        <ImportDialog
          files={files}
          onStored={() => {
            void queries.invalidateQueries({ queryKey: ['traffic'] });
            void queries.invalidateQueries({ queryKey: ['sources'] });
          }}
          onClose={() => setFiles(null)}
        />
      )}
    </ViewContext>
  );
}
