import type { AuditRecord } from '@vedette/contract';
import { useState } from 'react';
import { type AuditFilter, useAudit } from '../../api/audit.ts';
import { actionWords } from '../../model/audit-action.ts';
import { isOpen } from '../../model/audit-filter.ts';
import { stamp } from '../../model/times.ts';
import { audit as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Badge } from '../ui/badge.tsx';
import type { DataColumn } from '../ui/data-column.ts';
import { DataTable } from '../ui/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { AuditDetail } from './audit-detail.tsx';

const TONES = { done: 'plain', refused: 'warn', failed: 'bad' } as const;

/** The entries, the newest first; each opens to all that it says. */
export function AuditTable({ filter }: { filter: AuditFilter }) {
  const query = useAudit(filter);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };
  return (
    <DataTable
      label={words.table}
      framed
      columns={columnsOf(open, toggle)}
      rows={query.data?.pages.flatMap(({ entries }) => entries)}
      rowKey={({ id }) => id}
      detail={(entry) => (open.has(entry.id) ? <AuditDetail entry={entry} /> : null)}
      empty={
        isOpen(filter) ? (
          <EmptyState title={words.empty}>{words.emptyLead}</EmptyState>
        ) : (
          <EmptyState title={words.none} />
        )
      }
      error={query.error}
      onRetry={() => void query.refetch()}
      more={query.hasNextPage ? { busy: query.isFetchingNextPage, onMore: () => void query.fetchNextPage() } : null}
    />
  );
}

function columnsOf(open: ReadonlySet<string>, toggle: (id: string) => void): DataColumn<AuditRecord>[] {
  const { columns, outcomes, kinds } = words;
  return [
    {
      id: 'time',
      title: columns.time,
      show: ({ id, time, action }) => (
        <button
          type="button"
          className="audit-open no-wrap"
          aria-expanded={open.has(id)}
          aria-label={words.open(actionWords(action), stamp(Date.parse(time)))}
          onClick={() => toggle(id)}
        >
          <Icon name="down" />
          {stamp(Date.parse(time))}
        </button>
      ),
    },
    { id: 'actor', title: columns.actor, show: ({ actor }) => actor.name || kinds[actor.kind] },
    { id: 'action', title: columns.action, show: ({ action }) => actionWords(action) },
    { id: 'target', title: columns.target, wide: true, show: ({ target }) => target ?? '' },
    {
      id: 'outcome',
      title: columns.outcome,
      show: ({ outcome }) => <Badge tone={TONES[outcome]}>{outcomes[outcome]}</Badge>,
    },
  ];
}
