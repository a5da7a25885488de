import type { RequestRow } from '@vedette/contract';
import type { ReactNode } from 'react';
import { countryName, duration } from '../model/format.ts';
import { valueLabel } from '../model/labels.ts';
import { classOf, requestName } from '../model/request-row.ts';
import { rowTime, zoneName } from '../model/times.ts';
import { useNarrow } from '../state/narrow.ts';
import { text, explore as words } from '../text.ts';
import type { DataColumn } from './ui/data-column.ts';
import { DataTable } from './ui/data-table.tsx';

interface Props {
  label: string;
  /** undefined while they are under way. */
  rows: readonly RequestRow[] | undefined;
  onOpen: (row: RequestRow) => void;
  more?: { busy: boolean; onMore: () => void } | null;
  error?: unknown;
  onRetry?: () => void;
  empty: ReactNode;
}

/** Single requests as rows, of which only those in sight are in the page; a press on one opens it. */
export function RequestList({ rows, onOpen, ...rest }: Props) {
  const narrow = useNarrow();
  return (
    <DataTable
      {...rest}
      className="requests"
      columns={columnsFor(onOpen, narrow)}
      rows={rows}
      rowKey={({ id }) => id}
      onRow={onOpen}
      cards="never"
    />
  );
}

/** What a phone has room for; the others can be chosen. */
const ON_A_PHONE = ['time', 'request', 'status'];
const HIDDEN = ['domain', 'referrer'];

function columnsFor(onOpen: (row: RequestRow) => void, narrow: boolean): DataColumn<RequestRow>[] {
  const { columns } = words.requests;
  const all: DataColumn<RequestRow>[] = [
    {
      id: 'time',
      title: columns.time(zoneName()),
      show: (row) => {
        const time = Date.parse(row.time);
        const name = classOf(row);
        return (
          <button type="button" className="link request-open" onClick={() => onOpen(row)}>
            <i className={`mark ${name}`} title={text.classes[name]} />
            <span className="visually-hidden">{words.requests.open(requestName(row))}, </span>
            {rowTime(time)}
          </button>
        );
      },
    },
    {
      id: 'request',
      title: columns.request,
      wide: true,
      widest: true,
      show: (row) => (
        <span title={`${row.domain}${row.path}`} className="mono">
          {requestName(row)}
        </span>
      ),
      waiting: <span className="skeleton">GET /something/that/is/asked</span>,
    },
    {
      id: 'status',
      title: columns.status,
      number: true,
      show: ({ status }) => (
        <span className={`code status-${String(status ?? '').charAt(0)}`}>{status === null ? text.none : status}</span>
      ),
    },
    {
      id: 'duration',
      title: columns.duration,
      number: true,
      show: ({ duration_ms: took }) => (took === null ? text.none : duration(took)),
    },
    { id: 'class', title: columns.class, show: (row) => text.classes[classOf(row)] },
    {
      id: 'country',
      title: columns.country,
      show: ({ country }) => (country === '' ? text.none : countryName(country)),
    },
    { id: 'network', title: columns.network, wide: true, show: ({ network }) => network || text.none },
    {
      id: 'client',
      title: columns.client,
      wide: true,
      show: ({ bot_name: bot, browser, os, user_agent: agent }) => (
        <span title={agent ?? undefined}>{bot || [browser, os].filter(Boolean).join(', ') || agent || text.none}</span>
      ),
    },
    { id: 'domain', title: columns.domain, show: ({ domain }) => domain || text.none },
    { id: 'referrer', title: columns.referrer, show: ({ referrer }) => valueLabel('referrer', referrer) },
  ];
  return all.map((column) => ({
    ...column,
    hidden: narrow ? !ON_A_PHONE.includes(column.id) : HIDDEN.includes(column.id),
  }));
}
