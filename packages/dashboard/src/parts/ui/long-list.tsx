import type { ReactNode } from 'react';
import { MOST_ROWS, VirtualItems } from './virtual-rows.tsx';

interface Props<Row> {
  /** Its name for screen readers. */
  label: string;
  className?: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  itemClass?: (row: Row) => string | undefined;
  /** What it scrolls with, null until that is there; left out: the page. */
  space?: HTMLElement | null;
  /** What is in an item. */
  children: (row: Row) => ReactNode;
}

/** A list, one item below the other; of many items only those in sight are in the page. */
export function LongList<Row>(props: Props<Row>) {
  const { label, className, rows, rowKey, itemClass, children } = props;
  if (rows.length > MOST_ROWS) return <VirtualItems {...props} />;
  return (
    <ul className={className} aria-label={label}>
      {rows.map((row) => (
        <li key={rowKey(row)} className={itemClass?.(row)}>
          {children(row)}
        </li>
      ))}
    </ul>
  );
}
