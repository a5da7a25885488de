import type { Quota, TenantDetail } from '@vedette/contract';
import { useState } from 'react';
import { useSetQuota } from '../../api/tenants.ts';
import { readLimit } from '../../model/quota.ts';
import { showToast } from '../../state/toasts.ts';
import { tenants as words } from '../../text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { NumberField } from '../ui/number-field.tsx';

const written = (limit: number | null) => (limit === null ? '' : String(limit));

/** Sets the quota, and offers to take that back. */
function useSave({ id, name, quota }: TenantDetail, onClose: () => void) {
  const set = useSetQuota();
  const undo = async () => {
    await set.mutateAsync({ id, quota });
    showToast(words.quota.undone(name));
  };
  const onSuccess = () => {
    showToast(words.quota.done(name), { undo });
    onClose();
  };
  return { set, save: (next: Quota) => set.mutate({ id, quota: next }, { onSuccess }) };
}

/** What a tenant may use at most. */
export function QuotaDialog({ tenant, onClose }: { tenant: TenantDetail; onClose: () => void }) {
  const { name, quota } = tenant;
  const [requests, setRequests] = useState(written(quota.requests_per_day));
  const [users, setUsers] = useState(written(quota.users));
  const [retention, setRetention] = useState(written(quota.retention_days));
  const { set, save } = useSave(tenant, onClose);
  const limits = [readLimit(requests, 0), readLimit(users, 0), readLimit(retention, 1)] as const;
  const submit = () => {
    const [perDay, people, days] = limits;
    if (perDay === undefined || people === undefined || days === undefined) return;
    save({ requests_per_day: perDay, users: people, retention_days: days });
  };
  return (
    <FormDialog
      title={words.quota.title(name)}
      action={words.quota.action}
      busy={set.isPending}
      error={set.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="muted">{words.quota.lead}</p>
      <NumberField
        label={words.quota.requests}
        unit={words.quota.units.requests}
        value={requests}
        maxLength={15}
        help={words.quota.requestsHelp}
        wrong={limits[0] === undefined ? words.quota.wrong : undefined}
        onChange={setRequests}
      />
      <NumberField
        label={words.quota.users}
        unit={words.quota.units.users}
        value={users}
        maxLength={9}
        wrong={limits[1] === undefined ? words.quota.wrong : undefined}
        onChange={setUsers}
      />
      <NumberField
        label={words.quota.retention}
        unit={words.quota.units.retention}
        value={retention}
        maxLength={5}
        wrong={limits[2] === undefined ? words.quota.wrongDays : undefined}
        onChange={setRetention}
      />
    </FormDialog>
  );
}
