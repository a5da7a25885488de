import type { Domain } from '@vedette/contract';
import { useState } from 'react';
import { useDomains } from '../api/domains.ts';
import { NotAllowed } from '../parts/answered.tsx';
import { AddDomain, RemoveDomain } from '../parts/domains/domain-changes.tsx';
import { ProveDomain } from '../parts/domains/prove-domain.tsx';
import { Ago, At } from '../parts/fact.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Badge } from '../parts/ui/badge.tsx';
import { Button } from '../parts/ui/button.tsx';
import type { DataColumn } from '../parts/ui/data-column.ts';
import { DataTable } from '../parts/ui/data-table.tsx';
import { EmptyState } from '../parts/ui/empty-state.tsx';
import { MenuItem } from '../parts/ui/menu.tsx';
import { useNow } from '../state/clock.ts';
import { useView } from '../state/view-context.ts';
import { domains as words } from '../text.ts';
import '../styles/manage.css';

type Asking = { what: 'add' } | { what: 'prove' | 'remove'; domain: Domain } | null;

/** The hosts of the tenant, and the proof that they are its own. */
export default function Domains() {
  const { tenant, may } = useView();
  const query = useDomains();
  const now = useNow(true, 60_000);
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => setAsking(null);
  const changes = may('settings');
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(tenant.name || tenant.slug)}>
        {changes && (
          <Button kind="primary" icon="plus" onClick={() => setAsking({ what: 'add' })}>
            {words.add.open}
          </Button>
        )}
      </ScreenHead>
      {!changes && <NotAllowed why={words.readOnly} />}
      <DataTable
        framed
        label={words.table}
        columns={columnsAt(now)}
        rows={query.data?.domains}
        rowKey={({ pattern }) => pattern}
        rowName={({ pattern }) => pattern}
        actions={(domain) =>
          changes ? (
            <>
              {domain.verified === null && (
                <MenuItem onSelect={() => setAsking({ what: 'prove', domain })}>{words.proof.open}</MenuItem>
              )}
              <MenuItem danger onSelect={() => setAsking({ what: 'remove', domain })}>
                {words.remove.open}
              </MenuItem>
            </>
          ) : null
        }
        empty={<EmptyState title={words.empty}>{words.emptyLead}</EmptyState>}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
      {asking?.what === 'add' && (
        <AddDomain
          onAdded={(domain) => setAsking(domain.verified === null ? { what: 'prove', domain } : null)}
          onClose={close}
        />
      )}
      {asking?.what === 'prove' && <ProveDomain pattern={asking.domain.pattern} onClose={close} />}
      {asking?.what === 'remove' && <RemoveDomain domain={asking.domain} onClose={close} />}
    </>
  );
}

function columnsAt(now: number): DataColumn<Domain>[] {
  const { columns, states, by, never } = words;
  return [
    {
      id: 'pattern',
      title: columns.pattern,
      wide: true,
      sort: ({ pattern }) => pattern,
      show: ({ pattern }) => <code>{pattern}</code>,
    },
    {
      id: 'state',
      title: columns.state,
      sort: ({ verified }) => Number(verified === null),
      show: ({ verified, verified_by: how }) => (
        <>
          <Badge tone={verified === null ? 'warn' : 'good'}>
            {verified === null ? states.unverified : states.verified}
          </Badge>{' '}
          {how !== null && <small className="muted">{by[how]}</small>}
        </>
      ),
    },
    {
      id: 'checked',
      title: columns.checked,
      show: ({ checked }) => <Ago time={checked} now={now} none={never} />,
    },
    {
      id: 'created',
      title: columns.created,
      sort: ({ created }) => Date.parse(created),
      show: ({ created }) => <At time={created} />,
    },
  ];
}
