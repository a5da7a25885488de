import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import type { Me } from '@vedette/contract';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { FieldInfo } from '../model/chip.ts';
import type { Screen } from '../model/place.ts';
import { MAY } from '../model/role.ts';
import { NotAllowed } from '../parts/answered.tsx';
import { CrashBoundaryNote } from '../parts/crash-note.tsx';
import { DropTarget } from '../parts/drop-target.tsx';
import { Footer } from '../parts/footer.tsx';
import { Header } from '../parts/header.tsx';
import { ImportDialog } from '../parts/import-dialog.tsx';
import { Link } from '../parts/link.tsx';
import { Sidebar } from '../parts/navigation/sidebar.tsx';
import { DiskNote, UnreachableNote } from '../parts/trouble-note.tsx';
import { EmptyState } from '../parts/ui/empty-state.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useScreen } from '../state/location.ts';
import { useNoSidebar } from '../state/narrow.ts';
import { useReached } from '../state/reach.ts';
import { useRecovery } from '../state/recovery.ts';
import { useViewState } from '../state/use-view-state.ts';
import { ViewContext, type ViewState } from '../state/view-context.ts';
import { people, tenants, text, ui as words } from '../text.ts';
import { NoTenant } from './no-tenant.tsx';
import { isOpen, REGISTRY } from './registry.ts';
import { UnknownTenant } from './unknown-tenant.tsx';

/** Navigation, header, the screen that the address names, footer; and imports from wherever they begin. */
export function Frame({ me, fields }: { me: Me; fields: readonly FieldInfo[] }) {
  const [files, setFiles] = useState<readonly File[] | null>(null);
  const queries = useQueryClient();
  const screen = useScreen();
  const { state, unknown } = useViewState(screen, me, fields, setFiles);
  const narrow = useNoSidebar();
  useRecovery();
  if (state === null && unknown !== null && me.tenants.length > 0) {
    return <UnknownTenant slug={unknown} screen={screen} me={me} />;
  }
  if (state === null) return <NoTenant />;
  return (
    <ViewContext value={state}>
      <title>{titleOf(state)}</title>
      <div className="shell">
        {!narrow && <Sidebar />}
        <div className="shell-content">
          <Header />
          <Main screen={screen} state={state} />
          <Footer />
        </div>
      </div>
      {state.mayImport && <DropTarget onFiles={setFiles} />}
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

/** As high as a screen, so that the footer does not jump when the screen is there. */
function Waiting() {
  return (
    <div className="screen-waiting">
      <Skeleton lines={8} />
    </div>
  );
}

/** Why nothing of the tenant is shown, and what to do about it. */
function Shut({ state: { tenant, linkTo } }: { state: ViewState }) {
  const name = tenant.name || tenant.slug;
  if (!tenant.second_factor_missing) {
    return <EmptyState title={tenants.suspendedTitle(name)}>{tenants.suspendedLead}</EmptyState>;
  }
  const action = (
    <Link className="button primary" to={linkTo('account')}>
      {tenants.weakAction}
    </Link>
  );
  return (
    <EmptyState title={tenants.weakTitle(name)} actions={action}>
      {tenants.weakLead}
    </EmptyState>
  );
}

/** Whom a screen is for that is not for somebody in this role. */
function NotPermitted({ screen }: { screen: Screen }) {
  const { permission } = REGISTRY[screen];
  const roles = permission === null || permission === 'operate' ? [] : MAY[permission];
  const whom =
    roles.length === 0
      ? text.error.operatorsOnly
      : text.error.permittedRoles(roles.map((role) => people.roles[role]).join(', '));
  return (
    <>
      <div className="screen-head">
        <h1>{text.header.titles[screen]}</h1>
      </div>
      <NotAllowed why={`${text.error.notPermitted} ${whom}`} />
    </>
  );
}

function titleOf({ screen, tenant }: ViewState): string {
  const name = tenant.name || tenant.slug;
  if (screen === 'overview') return text.header.title(name);
  return text.header.titleOf(screen === null ? words.notFound.title : text.header.titles[screen], name);
}

function Main({ screen, state }: { screen: Screen | null; state: ViewState }) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    // As after a page was loaded: the keyboard goes on at its beginning, and screen readers read it out.
    main.current?.focus({ preventScroll: true });
  }, [screen]);
  const reached = useReached();
  const allowed = screen === null || isOpen(screen, state.may);
  const { suspended, second_factor_missing: weak } = state.tenant;
  const operator = state.may('operate');
  const shut = (weak || (suspended && !operator)) && screen !== 'account';
  return (
    <main
      className={reached ? 'main' : 'main unreached'}
      id="main"
      tabIndex={-1}
      ref={main}
      aria-label={screen === null ? words.notFound.title : text.header.titles[screen]}
    >
      {!reached && <UnreachableNote />}
      <DiskNote tenant={state.tenant.id} operator={operator} />
      {suspended && operator && <p className="bad-note">{tenants.suspendedNote}</p>}
      <CrashBoundaryNote key={screen} message={text.error.notLoaded}>
        <Suspense fallback={<Waiting />}>
          {/* What was typed or chosen on a screen is of the tenant it was opened for. */}
          {shut ? (
            <Shut state={state} />
          ) : allowed ? (
            <Outlet key={state.tenant.id} />
          ) : (
            <NotPermitted screen={screen} />
          )}
        </Suspense>
      </CrashBoundaryNote>
    </main>
  );
}
