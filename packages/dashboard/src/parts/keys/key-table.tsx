import type { ApiKey } from '@vedette/contract';
import { useState } from 'react';
import { useKeys } from '../../api/keys.ts';
import { inForce, type KeyState, stateOf } from '../../model/key-state.ts';
import { useNow } from '../../state/clock.ts';
import { keys as words } from '../../text.ts';
import { Ago, At } from '../fact.tsx';
import { Badge } from '../ui/badge.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { MenuItem } from '../ui/menu.tsx';
import { Switch } from '../ui/switch.tsx';

const TONES = { good: 'good', soon: 'warn', expired: 'plain', revoked: 'plain' } as const satisfies Record<
  KeyState,
  string
>;

interface Props {
  onRotate: (key: ApiKey) => void;
  onRevoke: (key: ApiKey) => void;
}

/** The keys of the tenant; those that open nothing any more when asked for. */
export function KeyTable({ onRotate, onRevoke }: Props) {
  const query = useKeys();
  const now = useNow(true, 60_000);
  const [all, setAll] = useState(false);
  const keys = query.data?.keys;
  const shown = keys?.filter((key) => all || inForce(stateOf(key, now)));
  const hides = keys?.some((key) => !inForce(stateOf(key, now))) ?? false;
  return (
    <>
      {/* There whatever is known, so that the table does not move as it comes. */}
      <div className="table-tools">
        <Switch label={words.showAll} on={all} disabled={!hides} onChange={setAll} />
      </div>
      <DataTable
        framed
        label={words.table}
        columns={columnsAt(now)}
        rows={shown}
        rowKey={({ id }) => id}
        rowName={nameOf}
        actions={(key) =>
          inForce(stateOf(key, now)) ? (
            <>
              <MenuItem onSelect={() => onRotate(key)}>{words.rotate.open}</MenuItem>
              <MenuItem danger onSelect={() => onRevoke(key)}>
                {words.revoke.open}
              </MenuItem>
            </>
          ) : null
        }
        empty={<EmptyState title={words.empty}>{words.emptyLead}</EmptyState>}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    </>
  );
}

/** What a key is called; how it begins, where it has no name. */
export function nameOf({ name, prefix }: ApiKey): string {
  return name === '' ? `${prefix}…` : name;
}

function columnsAt(now: number): DataColumn<ApiKey>[] {
  const { columns, states, never } = words;
  const timeOf = (time: string | null) => (time === null ? null : Date.parse(time));
  return [
    {
      id: 'name',
      title: columns.name,
      wide: true,
      sort: nameOf,
      show: ({ name, prefix }) => (
        <span className="who">
          <span>{name || <span className="muted">{words.unnamed}</span>}</span>
          <small className="muted mono">{prefix}…</small>
        </span>
      ),
    },
    { id: 'scope', title: columns.scope, sort: ({ scope }) => scope, show: ({ scope }) => scope },
    {
      id: 'state',
      title: columns.state,
      sort: (key) => states[stateOf(key, now)],
      show: (key) => {
        const state = stateOf(key, now);
        return <Badge tone={TONES[state]}>{states[state]}</Badge>;
      },
    },
    {
      id: 'used',
      title: columns.used,
      sort: ({ used }) => timeOf(used),
      show: ({ used }) => <Ago time={used} now={now} none={never} />,
    },
    {
      id: 'expires',
      title: columns.expires,
      sort: ({ expires }) => timeOf(expires),
      show: ({ expires }) => (expires === null ? <span className="muted">{never}</span> : <At time={expires} />),
    },
    {
      id: 'created',
      title: columns.created,
      sort: ({ created }) => timeOf(created),
      show: ({ created }) => <At time={created} />,
    },
  ];
}
