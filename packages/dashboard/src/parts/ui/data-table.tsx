import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo, useState } from 'react';
import { isUnreachable } from '../../api/client.ts';
import { useNarrow, useTooNarrowForTables } from '../../state/narrow.ts';
import { ui as words } from '../../text.ts';
import { DataCards } from './data-cards.tsx';
import { compareValues, type DataColumn, formatSort, parseSort, type Sort } from './data-column.ts';
import { DataRows } from './data-rows.tsx';
import { ErrorState } from './error-state.tsx';
import { Menu, MenuCheck } from './menu.tsx';

export interface DataTableProps<Row extends object> {
  /** What the rows are: the table's name. */
  label: string;
  /** The first one names the row. */
  columns: readonly DataColumn<Row>[];
  /** undefined while they are under way. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** The row in words, for the menu of what can be done with it. */
  rowName?: (row: Row) => string;
  /** What can be done with a row: items of a menu; null for nothing. */
  actions?: (row: Row) => ReactNode;
  /** A press anywhere on a row; something in it has to do the same for the keyboard. */
  onRow?: (row: Row) => void;
  /** What is said below a row, over its whole width; null for nothing. */
  detail?: (row: Row) => ReactNode;
  /** Kept in the address by the caller; without it the table keeps it. */
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  /** Stands where there are no rows. */
  empty: ReactNode;
  error?: unknown;
  onRetry?: () => void;
  /** There are further rows to ask for; null or left out: these are all. */
  more?: { busy: boolean; onMore: () => void } | null;
  /** Below which width there are cards in place of rows; `never`: it is scrolled sideways. */
  cards?: 'phone' | 'tablet' | 'never';
  /** A card of one's own. */
  card?: (row: Row) => ReactNode;
  /** What stands in for such a card. */
  cardWaiting?: ReactNode;
  /** As a panel of its own, where it is in none. */
  framed?: boolean;
  /** Class of the table. */
  className?: string;
}

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: {},
});
const NONE: never[] = [];

/**
 * A table of things: sorted by its heads, with columns to choose where some are hidden at first, a menu for each row, and
 * only the rows in sight in the page where there are many. It shows what it is waiting for, that there is nothing, or
 * what went wrong; on a phone it is cards, or scrolls and says so.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, columns, empty, error, onRetry, cards = 'phone' } = props;
  const [phone, tablet] = [useNarrow(), useTooNarrowForTables()];
  const [sort, setSort] = useSort(props);
  const { shown, sorted, toggle } = useModel(props, sort, setSort);
  if (rows === undefined && error !== undefined && error !== null && !isUnreachable(error)) {
    return <ErrorState error={error} onRetry={() => onRetry?.()} />;
  }
  if (rows?.length === 0) return empty;
  const asCards = cards === 'phone' ? phone : cards === 'tablet' && tablet;
  const parts = { ...props, columns: shown, rows: rows === undefined ? undefined : sorted, sort, onSort: setSort };
  return (
    <div className="data-table">
      {columns.some(({ hidden }) => hidden) && <ColumnsMenu columns={columns} shown={shown} onToggle={toggle} />}
      {asCards ? <DataCards {...parts} /> : <DataRows {...parts} />}
      {props.more && (
        <div className="data-more">
          <button type="button" className="button" disabled={props.more.busy} onClick={props.more.onMore}>
            {props.more.busy ? words.loadingMore : words.showMore}
          </button>
        </div>
      )}
    </div>
  );
}

function useSort<Row extends object>({ sort, onSort }: DataTableProps<Row>): [Sort, (sort: Sort) => void] {
  const [own, setOwn] = useState<Sort>('');
  return [sort ?? own, onSort ?? setOwn];
}

/** The rows in order and the columns that are shown. */
function useModel<Row extends object>(
  { columns, rows, rowKey }: DataTableProps<Row>,
  sort: Sort,
  setSort: (sort: Sort) => void,
) {
  const definitions = useMemo(
    () =>
      columns.map(({ id, title, sort: value, number = false }) => ({
        id,
        header: title,
        accessorFn: (row: Row) => value?.(row) ?? undefined,
        enableSorting: value !== undefined,
        sortDescFirst: number,
        sortUndefined: 'last' as const,
        sortFn: (
          a: { getValue: (column: string) => unknown },
          b: { getValue: (column: string) => unknown },
          column: string,
        ) => compareValues(a.getValue(column), b.getValue(column)),
      })),
    [columns],
  );
  const [visible, setVisible] = useState(() =>
    Object.fromEntries(columns.map(({ id, hidden = false }) => [id, !hidden])),
  );
  const known = columns.some(({ id, sort: value }) => id === parseSort(sort)[0]?.id && value !== undefined);
  const sorting = useMemo(() => (known ? parseSort(sort) : []), [known, sort]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows ?? NONE,
    getRowId: rowKey,
    enableMultiSort: false,
    state: { sorting, columnVisibility: visible },
    onSortingChange: (change) => setSort(formatSort(typeof change === 'function' ? change(sorting) : change)),
    onColumnVisibilityChange: setVisible,
  });
  const showing = new Set(table.getVisibleLeafColumns().map(({ id }) => id));
  return {
    shown: columns.filter(({ id }) => showing.has(id)),
    sorted: table.getRowModel().rows.map(({ original }) => original),
    toggle: (id: string, on: boolean) => setVisible({ ...visible, [id]: on }),
  };
}

interface ColumnsProps<Row> {
  columns: readonly DataColumn<Row>[];
  shown: readonly DataColumn<Row>[];
  onToggle: (id: string, on: boolean) => void;
}

function ColumnsMenu<Row>({ columns, shown, onToggle }: ColumnsProps<Row>) {
  return (
    <div className="data-tools">
      <Menu className="button small" button={words.columns} align="end">
        {columns.slice(1).map(({ id, title }) => (
          <MenuCheck
            key={id}
            checked={shown.some((column) => column.id === id)}
            onChange={(checked) => onToggle(id, checked)}
          >
            {title}
          </MenuCheck>
        ))}
      </Menu>
    </div>
  );
}
