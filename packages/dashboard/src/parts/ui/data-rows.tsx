import { Fragment, useState } from 'react';
import { ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { type DataColumn, formatSort, parseSort, type Sort } from './data-column.ts';
import type { DataTableProps } from './data-table.tsx';
import { RowMenu } from './row-menu.tsx';
import { ScrollSpace } from './scroll-space.tsx';
import { MOST_ROWS, rowCount, VirtualRows } from './virtual-rows.tsx';

const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

type Props<Row extends object> = DataTableProps<Row> & { sort: Sort; onSort: (sort: Sort) => void };

/** The rows of a table, under a head that stays in sight. */
export function DataRows<Row extends object>(props: Props<Row>) {
  const { label, columns, rows, rowKey, actions, more, framed = false, className = '' } = props;
  const [space, setSpace] = useState<HTMLDivElement | null>(null);
  const many = rows !== undefined && rows.length > MOST_ROWS;
  return (
    <ScrollSpace label={label} className="data-space" framed={framed} onSpace={many ? setSpace : undefined}>
      <table
        className={`table data ${className}`}
        aria-rowcount={rows && rowCount(rows.length, Boolean(more))}
        aria-label={label}
      >
        <thead>
          <tr aria-rowindex={many ? 1 : undefined}>
            {columns.map((column) => (
              <Head key={column.id} column={column} {...props} />
            ))}
            {actions !== undefined && (
              <th scope="col" className="action-cell">
                <span className="visually-hidden">{words.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        {rows === undefined ? (
          <tbody>
            {SKELETON_ROWS.map((row) => (
              <SkeletonRow key={row} columns={columns} action={actions !== undefined} />
            ))}
          </tbody>
        ) : many ? (
          <VirtualRows rows={rows} rowKey={rowKey} space={space}>
            {(row, place) => <DataRow {...props} row={row} place={place} />}
          </VirtualRows>
        ) : (
          <tbody>
            {rows.map((row) => (
              <Fragment key={rowKey(row)}>
                <DataRow {...props} row={row} />
              </Fragment>
            ))}
          </tbody>
        )}
      </table>
    </ScrollSpace>
  );
}

function Head<Row extends object>({ column, sort, onSort }: Props<Row> & { column: DataColumn<Row> }) {
  const [by] = parseSort(sort);
  const sorted = by?.id !== column.id ? 'none' : by.desc ? 'descending' : 'ascending';
  const next = () => {
    // Figures are asked for from the top, names from the beginning; a third press gives the first order back.
    const first = column.number === true;
    if (sorted === 'none') return formatSort([{ id: column.id, desc: first }]);
    return by?.desc === first ? formatSort([{ id: column.id, desc: !first }]) : '';
  };
  const sortable = column.sort !== undefined;
  return (
    <th
      scope="col"
      className={column.number ? 'number' : undefined}
      title={column.help}
      aria-sort={sortable ? sorted : undefined}
    >
      {sortable ? (
        <button type="button" className={`sort-button ${sorted}`} onClick={() => onSort(next())}>
          {column.title}
          <Icon name={sorted === 'none' ? 'sort' : sorted === 'ascending' ? 'up' : 'down'} />
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

interface RowProps<Row extends object> extends Props<Row> {
  row: Row;
  /** Its place in the whole table, from 1, the head included; where not all rows are in the page. */
  place?: number;
}

function DataRow<Row extends object>(props: RowProps<Row>) {
  const { columns, row, place, detail, actions, onRow, rowName, rowKey } = props;
  const below = detail?.(row) ?? null;
  const [first, ...others] = columns;
  return (
    <>
      <tr
        className={[below !== null && 'with-detail', onRow && 'opens'].filter(Boolean).join(' ') || undefined}
        aria-rowindex={place}
        onClick={onRow && ((event) => !isPressOfItsOwn(event) && onRow(row))}
      >
        {first !== undefined && (
          <th scope="row" className={classOf(first)}>
            {first.show(row)}
          </th>
        )}
        {others.map((column) => (
          <td key={column.id} className={classOf(column)}>
            {column.show(row)}
          </td>
        ))}
        {actions !== undefined && (
          <td className="action-cell">
            <RowMenu name={rowName?.(row) ?? rowKey(row)}>{actions(row)}</RowMenu>
          </td>
        )}
      </tr>
      {below !== null && (
        <tr className="detail">
          <td colSpan={columns.length + (actions === undefined ? 0 : 1)}>{below}</td>
        </tr>
      )}
    </>
  );
}

/** Whether a press was meant for something in the row, or marked a text. */
function isPressOfItsOwn({ target }: { target: EventTarget }): boolean {
  return (target as Element).closest('a, button, input, label') !== null || getSelection()?.isCollapsed === false;
}

function classOf<Row>({ number, wide, widest }: DataColumn<Row>): string | undefined {
  if (number) return 'number';
  return widest ? 'wide-cell widest' : wide ? 'wide-cell' : undefined;
}

function SkeletonRow<Row>({ columns, action }: { columns: readonly DataColumn<Row>[]; action: boolean }) {
  return (
    <tr aria-hidden="true">
      {columns.map((column, index) => {
        const stand = column.waiting ?? <span className="skeleton">0,000</span>;
        if (index > 0)
          return (
            <td key={column.id} className={classOf(column)}>
              {stand}
            </td>
          );
        return (
          <th key={column.id} scope="row" className={classOf(column)}>
            {stand}
          </th>
        );
      })}
      {action && <td className="action-cell" />}
    </tr>
  );
}
