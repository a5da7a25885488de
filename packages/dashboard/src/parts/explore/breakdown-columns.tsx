import type { ReactNode } from 'react';
import { count, figure, type Row } from '../../api/traffic.ts';
import type { FieldInfo } from '../../model/chip.ts';
import { bytes, duration, full, percent, short } from '../../model/format.ts';
import { valueCode, valueLabel } from '../../model/labels.ts';
import type { Window } from '../../model/range.ts';
import { CLASSES } from '../../model/series.ts';
import { periodIn } from '../../model/times.ts';
import { text, explore as words } from '../../text.ts';
import type { DataColumn } from '../ui/data-column.ts';
import { Changed } from './changed.tsx';

/** The requests that have one value of a field. */
export interface Group {
  /** '' where it is not known. */
  value: string;
  row: Row;
  /** What people alone met; undefined where none are or while it is not known. */
  people: Row | undefined;
}

interface Options {
  field: FieldInfo | undefined;
  compared: boolean;
  narrow: boolean;
  window: Window;
  peopleKnown: boolean;
  onFilter: (value: string) => void;
}

const ON_A_PHONE = ['value', 'requests', 'people'];
const HIDDEN = ['errors', 'bytes_out', 'p50', 'p99', 'before', 'p95_before'];

/** The columns of a breakdown; a phone shows few of them until others are chosen. */
export function breakdownColumns(options: Options): DataColumn<Group>[] {
  const columns = [valueColumn(options), ...countColumns(options), ...peopleColumns(options)];
  const shown = options.compared ? [...ON_A_PHONE, 'change'] : ON_A_PHONE;
  return columns.map((column) => ({
    ...column,
    hidden: options.narrow ? !shown.includes(column.id) : HIDDEN.includes(column.id),
  }));
}

function valueColumn({ field, onFilter }: Options): DataColumn<Group> {
  const name = field?.name ?? '';
  const labelOf = (value: string) => {
    if (field?.kind === 'flag' && value !== '') return value === 'true' ? text.filter.yes : text.filter.no;
    return valueLabel(name, value);
  };
  return {
    id: 'value',
    title: field?.title ?? '',
    wide: true,
    sort: ({ value }) => labelOf(value),
    show: ({ value, row }) => {
      const code = valueCode(name, value);
      const label = labelOf(value);
      const shown = code === null || code === label ? label : `${code} ${label}`;
      return (
        <div className="group-value">
          <button
            type="button"
            className={value === '' ? 'group-button unnamed' : 'group-button'}
            title={`${shown}\n${words.breakdown.only}`}
            aria-label={words.breakdown.onlyNamed(shown)}
            onClick={() => onFilter(value)}
          >
            {shown}
          </button>
          <span className="split" aria-hidden="true">
            {CLASSES.map((one) =>
              count(row, one) > 0 ? <i key={one} className={one} style={{ flexGrow: count(row, one) }} /> : null,
            )}
          </span>
        </div>
      );
    },
    waiting: (
      <div className="group-value">
        <span className="skeleton">a value of the field</span>
        <span className="split" />
      </div>
    ),
  };
}

function countColumns({ compared, window }: Options): DataColumn<Group>[] {
  const { columns, help } = words.breakdown;
  const of = periodIn(window.from, window.to);
  const counted = (id: 'requests' | 'people' | 'bots' | 'hosting' | 'uniques' | 'errors') => ({
    id,
    title: columns[id],
    help: id === 'uniques' || id === 'errors' ? help[id] : of,
    number: true,
    sort: ({ row }: Group) => count(row, id),
    show: ({ row }: Group): ReactNode => <span title={full(count(row, id))}>{short(count(row, id))}</span>,
  });
  return [
    counted('requests'),
    ...(compared ? comparedColumns() : []),
    counted('people'),
    counted('bots'),
    counted('hosting'),
    counted('uniques'),
    counted('errors'),
    {
      id: 'bytes_out',
      title: columns.bytes_out,
      number: true,
      sort: ({ row }) => figure(row, 'bytes_out'),
      show: ({ row }) => inWords(figure(row, 'bytes_out'), bytes),
    },
  ];
}

function comparedColumns(): DataColumn<Group>[] {
  const { columns } = words.breakdown;
  return [
    {
      id: 'change',
      title: columns.change,
      number: true,
      sort: ({ row }) => count(row, 'requests') - count(row, 'requests_before'),
      show: ({ row }) => <Changed now={count(row, 'requests')} before={count(row, 'requests_before')} />,
    },
    {
      id: 'before',
      title: columns.before,
      number: true,
      sort: ({ row }) => count(row, 'requests_before'),
      show: ({ row }) => short(count(row, 'requests_before')),
    },
  ];
}

function peopleColumns({ compared, peopleKnown }: Options): DataColumn<Group>[] {
  const { columns, help } = words.breakdown;
  const of = (id: keyof typeof columns, name: string, format: (value: number) => string): DataColumn<Group> => ({
    id,
    title: columns[id],
    help: id === 'error_rate' ? help.error_rate : help.latency,
    number: true,
    sort: ({ people }) => figure(people, name),
    show: ({ people }) => {
      if (!peopleKnown) return <span className="skeleton">00 ms</span>;
      return <span title={basis(people, id)}>{inWords(figure(people, name), format)}</span>;
    },
  });
  return [
    of('error_rate', 'error_rate', percent),
    of('p50', 'p50', duration),
    of('p95', 'p95', duration),
    of('p99', 'p99', duration),
    ...(compared ? [of('p95_before', 'p95_before', duration)] : []),
  ];
}

/** How many requests a figure of people is made of. */
function basis(people: Row | undefined, id: string): string | undefined {
  if (people === undefined) return undefined;
  const requests = full(count(people, 'requests'));
  return id === 'error_rate' ? requests : text.figures.timed(full(count(people, 'timed')), requests);
}

function inWords(value: number | null, format: (value: number) => string): string {
  return value === null || !Number.isFinite(value) ? text.none : format(value);
}
