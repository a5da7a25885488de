import { type ReactNode, useState } from 'react';
import { ScrollSpace } from './scroll-space.tsx';
import { MOST_ROWS, rowCount, VirtualRows } from './virtual-rows.tsx';

interface Props<Row> {
  /** Its name for screen readers. */
  label: string;
  /** Classes of the room that it scrolls in, and of the table. */
  spaceClass?: string;
  className?: string;
  /** The cells of the head. */
  head: ReactNode;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The cells of a row. */
  children: (row: Row) => ReactNode;
}

/** A table whose cells its owner writes, in the order they are given; of many rows only those in sight are in the page. */
export function LongTable<Row>({ label, spaceClass = '', className = '', head, rows, rowKey, children }: Props<Row>) {
  const [space, setSpace] = useState<HTMLDivElement | null>(null);
  const many = rows.length > MOST_ROWS;
  return (
    <ScrollSpace label={label} className={many ? `${spaceClass} long` : spaceClass} onSpace={setSpace}>
      <table className={`table ${className}`} aria-rowcount={rowCount(rows.length)}>
        <thead>
          <tr aria-rowindex={many ? 1 : undefined}>{head}</tr>
        </thead>
        {many ? (
          <VirtualRows rows={rows} rowKey={rowKey} space={space}>
            {(row, place) => <tr aria-rowindex={place}>{children(row)}</tr>}
          </VirtualRows>
        ) : (
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>{children(row)}</tr>
            ))}
          </tbody>
        )}
      </table>
    </ScrollSpace>
  );
}
