import type { TenantDetail } from '@vedette/contract';
import { useState } from 'react';
import { useDeletions, useSuspend, useTenants } from '../api/tenants.ts';
import { whyRefused } from '../parts/access/access-failure.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { CreateTenant } from '../parts/tenants/create-tenant.tsx';
import { DeletionsPanel } from '../parts/tenants/deletions-panel.tsx';
import { QuotaDialog } from '../parts/tenants/quota-dialog.tsx';
import { SessionsPanel } from '../parts/tenants/sessions-panel.tsx';
import { DeleteTenant, RenameTenant, SuspendTenant } from '../parts/tenants/tenant-changes.tsx';
import { type TenantAction, TenantTable } from '../parts/tenants/tenant-table.tsx';
import { Button } from '../parts/ui/button.tsx';
import { showToast } from '../state/toasts.ts';
import { tenants as words } from '../text.ts';
import '../styles/manage.css';

type Asking = { what: 'create' } | { what: TenantAction; tenant: TenantDetail } | null;

/** The tenants of the installation, for its operators. */
export default function Tenants() {
  const [asking, setAsking] = useState<Asking>(null);
  const tenants = useTenants();
  const deletions = useDeletions();
  const suspend = useSuspend();
  const close = () => setAsking(null);
  const resume = ({ id, name }: TenantDetail) =>
    suspend.mutate(
      { id, suspend: false },
      {
        onSuccess: () =>
          showToast(words.suspend.resumed(name), { undo: () => suspend.mutateAsync({ id, suspend: true }) }),
        onError: (error) => showToast(whyRefused(error), { tone: 'bad' }),
      },
    );
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead}>
        <Button kind="primary" icon="plus" onClick={() => setAsking({ what: 'create' })}>
          {words.create.open}
        </Button>
      </ScreenHead>
      <TenantTable onAction={(what, tenant) => (what === 'resume' ? resume(tenant) : setAsking({ what, tenant }))} />
      {/* How long the lists above are shows when they are there. */}
      {!tenants.isPending && <DeletionsPanel />}
      {!tenants.isPending && !deletions.isPending && <SessionsPanel />}
      {asking?.what === 'create' && <CreateTenant onClose={close} />}
      {asking?.what === 'rename' && <RenameTenant tenant={asking.tenant} onClose={close} />}
      {asking?.what === 'quota' && <QuotaDialog tenant={asking.tenant} onClose={close} />}
      {asking?.what === 'suspend' && <SuspendTenant tenant={asking.tenant} onClose={close} />}
      {asking?.what === 'delete' && <DeleteTenant tenant={asking.tenant} onClose={close} />}
    </>
  );
}
