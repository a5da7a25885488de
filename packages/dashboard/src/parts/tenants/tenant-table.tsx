import type { TenantDetail } from '@vedette/contract';
import { useTenants } from '../../api/tenants.ts';
import { full } from '../../model/format.ts';
import { pathOf, withParameters } from '../../model/place.ts';
import { tenants as words } from '../../text.ts';
import { At } from '../fact.tsx';
import { Link } from '../link.tsx';
import { Badge } from '../ui/badge.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { MenuItem, MenuLine } from '../ui/menu.tsx';

export type TenantAction = 'rename' | 'quota' | 'suspend' | 'resume' | 'delete';

/** All tenants of the installation, with what they use. */
export function TenantTable({ onAction }: { onAction: (action: TenantAction, tenant: TenantDetail) => void }) {
  const query = useTenants();
  return (
    <DataTable
      framed
      label={words.table}
      columns={columns()}
      rows={query.data?.tenants}
      rowKey={({ id }) => id}
      rowName={({ name }) => name}
      actions={(tenant) => <Actions tenant={tenant} onAction={(action) => onAction(action, tenant)} />}
      empty={null}
      error={query.error}
      onRetry={() => void query.refetch()}
    />
  );
}

function Actions({ tenant, onAction }: { tenant: TenantDetail; onAction: (action: TenantAction) => void }) {
  if (tenant.deleting !== null) return null;
  return (
    <>
      <MenuItem onSelect={() => onAction('rename')}>{words.rename.open}</MenuItem>
      <MenuItem onSelect={() => onAction('quota')}>{words.quota.open}</MenuItem>
      {!tenant.installation && (
        <>
          <MenuLine />
          {tenant.suspended === null ? (
            <MenuItem onSelect={() => onAction('suspend')}>{words.suspend.open}</MenuItem>
          ) : (
            <MenuItem onSelect={() => onAction('resume')}>{words.suspend.resume}</MenuItem>
          )}
          <MenuItem danger onSelect={() => onAction('delete')}>
            {words.remove.open}
          </MenuItem>
        </>
      )}
    </>
  );
}

const stateOf = ({ deleting, suspended }: TenantDetail) =>
  deleting !== null ? 'deleting' : suspended !== null ? 'suspended' : 'good';
const TONES = { good: 'good', suspended: 'warn', deleting: 'bad' } as const;

function ofLimit(used: number, limit: number | null): string {
  return limit === null ? full(used) : words.ofLimit(full(used), full(limit));
}

function columns(): DataColumn<TenantDetail>[] {
  const { columns: titles, states } = words;
  return [
    {
      id: 'name',
      title: titles.name,
      wide: true,
      sort: ({ name }) => name,
      show: ({ name, slug, installation }) => (
        <span className="who">
          <span>
            <Link to={pathOf('overview') + withParameters('', { tenant: slug })}>{name}</Link>
            {installation && <Badge>{words.installation}</Badge>}
          </span>
          <small className="muted mono">{slug}</small>
        </span>
      ),
    },
    {
      id: 'state',
      title: titles.state,
      sort: (tenant) => states[stateOf(tenant)],
      show: (tenant) => <Badge tone={TONES[stateOf(tenant)]}>{states[stateOf(tenant)]}</Badge>,
    },
    {
      id: 'requests',
      title: titles.requests,
      number: true,
      sort: ({ requests_today: today }) => today,
      show: ({ requests_today: today, quota }) => ofLimit(today, quota.requests_per_day),
    },
    {
      id: 'people',
      title: titles.people,
      number: true,
      sort: ({ people }) => people,
      show: ({ people, quota }) => ofLimit(people, quota.users),
    },
    {
      id: 'domains',
      title: titles.domains,
      number: true,
      sort: ({ domains }) => domains,
      show: ({ domains }) => full(domains),
    },
    {
      id: 'created',
      title: titles.created,
      sort: ({ created }) => Date.parse(created),
      show: ({ created }) => <At time={created} />,
    },
  ];
}
