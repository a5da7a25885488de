import type { ReactNode } from 'react';
import { perLocale } from '../../model/locale.ts';

/** A column of a table of things. */
export interface DataColumn<Row> {
  id: string;
  title: string;
  /** What its figures are, where the title does not say it all. */
  help?: string;
  /** Figures stand at the right, digit below digit. */
  number?: boolean;
  /** Takes the room that the others leave, and is cut where that is not enough. */
  wide?: boolean;
  /** A wide one that has the most of that room: what is wide beside it has what it needs at least. */
  widest?: boolean;
  /** What the rows are sorted by; a column without it cannot be sorted. null: not known, always last. */
  sort?: (row: Row) => string | number | null;
  /** For what is looked at now and then: not shown until it is chosen. */
  hidden?: boolean;
  show: (row: Row) => ReactNode;
  /** What stands in while the rows are under way: as long as what will be there. */
  waiting?: ReactNode;
}

/** Which column the rows are sorted by: `name`, or `-name` for the other way round; '' for the order they came in. */
export type Sort = string;

export function parseSort(sort: Sort): { id: string; desc: boolean }[] {
  if (sort === '') return [];
  return sort.startsWith('-') ? [{ id: sort.slice(1), desc: true }] : [{ id: sort, desc: false }];
}

export function formatSort(sorting: readonly { id: string; desc: boolean }[]): Sort {
  const [first] = sorting;
  return first === undefined ? '' : `${first.desc ? '-' : ''}${first.id}`;
}

const words = perLocale(() => new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }));

/** Numbers by size, everything else as words, numbers within them by size. */
export function compareValues(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : words().compare(String(a), String(b));
}
