import { text, ui as words } from '../../text.ts';
import type { DataColumn, Sort } from './data-column.ts';
import type { DataTableProps } from './data-table.tsx';
import { RowMenu } from './row-menu.tsx';
import { Select } from './select.tsx';
import { MOST_ROWS, VirtualItems } from './virtual-rows.tsx';

const USUAL_CARD_HEIGHT = 180;

type Props<Row extends object> = DataTableProps<Row> & { sort: Sort; onSort: (sort: Sort) => void };

/** The rows of a table as cards below each other, for screens that a table does not fit. */
export function DataCards<Row extends object>(props: Props<Row>) {
  const { label, columns, rows, rowKey, card, cardWaiting } = props;
  return (
    <>
      {columns.some(({ sort }) => sort !== undefined) && (rows === undefined || rows.length > 1) && (
        <SortSelect {...props} />
      )}
      {rows !== undefined && rows.length > MOST_ROWS ? (
        <VirtualItems
          label={label}
          className="data-cards one-column"
          rows={rows}
          rowKey={rowKey}
          height={USUAL_CARD_HEIGHT}
        >
          {(row) => card?.(row) ?? <Card {...props} row={row} />}
        </VirtualItems>
      ) : (
        <ul className="data-cards" aria-label={label} aria-busy={rows === undefined}>
          {rows?.map((row) => <li key={rowKey(row)}>{card?.(row) ?? <Card {...props} row={row} />}</li>) ??
            [1, 2, 3, 4].map((place) => (
              <li key={place} aria-hidden="true">
                {cardWaiting ?? (
                  <div className="panel data-card">
                    <SkeletonFacts columns={columns} />
                  </div>
                )}
              </li>
            ))}
        </ul>
      )}
    </>
  );
}

function SortSelect<Row extends object>({ columns, sort, onSort }: Props<Row>) {
  const options = columns.flatMap(({ id, title, sort: value, number }) =>
    value === undefined ? [] : [{ value: number ? `-${id}` : id, label: title }],
  );
  const all = [{ value: '', label: words.asGiven }, ...options];
  // An order of the table that the list does not have.
  const chosen = all.some(({ value }) => value === sort) ? sort : '';
  return (
    <label className="data-sort">
      <span>{words.sort}</span>
      <Select options={all} value={chosen} onChange={onSort} />
    </label>
  );
}

function Card<Row extends object>({ columns, row, rowName, rowKey, actions, detail }: Props<Row> & { row: Row }) {
  const [first, ...others] = columns;
  return (
    <article className="panel data-card">
      <div className="data-card-head">
        <h3>{first?.show(row)}</h3>
        {actions !== undefined && <RowMenu name={rowName?.(row) ?? rowKey(row)}>{actions(row)}</RowMenu>}
      </div>
      <dl>
        {others.map((column) => (
          <div key={column.id}>
            <dt>{column.title}</dt>
            <dd>{column.show(row)}</dd>
          </div>
        ))}
      </dl>
      {detail?.(row)}
    </article>
  );
}

function SkeletonFacts<Row>({ columns }: { columns: readonly DataColumn<Row>[] }) {
  const [first, ...others] = columns;
  return (
    <>
      <div className="data-card-head">{first?.waiting ?? <span className="skeleton">{text.loading}</span>}</div>
      <dl>
        {others.map((column) => (
          <div key={column.id}>
            <dt>{column.title}</dt>
            <dd>{column.waiting ?? <span className="skeleton">0,000</span>}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
