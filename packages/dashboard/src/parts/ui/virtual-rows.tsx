import {
  defaultRangeExtractor,
  type Range,
  useVirtualizer,
  useWindowVirtualizer,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { useFrozenColumns } from './frozen-columns.ts';

/** More rows than that are not all in the page at once. */
export const MOST_ROWS = 100;
const USUAL_HEIGHT = 44;
/** How many rows above and below what is in sight are in the page: what one press of a key or one flick scrolls over. */
const OVERSCAN = 10;

interface Common<Row> {
  rows: readonly Row[];
  /** What a row is known by, whatever its place. */
  rowKey: (row: Row) => string;
  /** How high a row usually is, in px: what is not in the page counts as that until it was. */
  height?: number;
  /**
   * The last rows are near: further ones may be asked for. Called again as the reader moves to and fro, so it must not ask
   * twice for the same.
   */
  onEnd?: (() => void) | undefined;
}

interface RowsProps<Row> extends Common<Row> {
  /** What scrolls: that of a `ScrollSpace` by `onSpace`; null until it is there. */
  space: HTMLElement | null;
  /** The <tr> of a row, or several; `place` is its `aria-rowindex`: the head is 1. */
  children: (row: Row, place: number) => ReactNode;
}

/**
 * The bodies of a table of which only the rows in sight are in the page; stands in a <table> beside its <thead>. The table
 * has to have `aria-rowcount` (`rowCount`), so that a screen reader knows of the others. Columns keep the widths that
 * the first rows gave them; the row that has the focus stays in the page wherever one scrolls.
 */
export function VirtualRows<Row>({ space, children, ...props }: RowsProps<Row>) {
  const { rows, rowKey } = props;
  const held = useHeld(props);
  const [height, setHeight] = useState(props.height ?? USUAL_HEIGHT);
  // Nothing here is memoised by a compiler, whose trouble with it this is.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer<HTMLElement, HTMLTableSectionElement>({
    ...optionsOf(props, height, held.index),
    getScrollElement: () => space,
  });
  useFirstHeight(props, virtual, height, setHeight);
  const items = virtual.getVirtualItems();
  useFrozenColumns(space, items.length > 0);
  useEnd(props, items.at(-1)?.index);
  return (
    <>
      {stretch(items, virtual.getTotalSize(), 0, 0, {
        gap: (key, size) => (
          <tbody key={key} aria-hidden="true" className="gap">
            <tr>
              <td style={{ height: size }} />
            </tr>
          </tbody>
        ),
        item: (index) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            // A body for each, so that a row and what is said below it are measured together.
            <tbody
              key={rowKey(row)}
              data-index={index}
              ref={virtual.measureElement}
              onFocus={() => held.hold(row)}
              onBlur={() => held.hold(null)}
            >
              {children(row, index + 2)}
            </tbody>
          );
        },
      })}
    </>
  );
}

/** What `aria-rowcount` of a table is, its head included: left out where all are in the page, -1 where nobody knows. */
export function rowCount(rows: number, more = false): number | undefined {
  if (more) return -1;
  return rows > MOST_ROWS ? rows + 1 : undefined;
}

interface ItemsProps<Row> extends Common<Row> {
  /** Its name for screen readers. */
  label: string;
  className?: string;
  /** Further attributes of an item. */
  itemClass?: (row: Row) => string | undefined;
  /** What is in the item. */
  children: (row: Row) => ReactNode;
}

/**
 * A list, one item below the other, of which only the items in sight are in the page. It scrolls with the page, or with
 * what `space` is; null until that is there.
 */
export function VirtualItems<Row>({ space, ...props }: ItemsProps<Row> & { space?: HTMLElement | null }) {
  return space === undefined ? <PageItems {...props} /> : <SpaceItems {...props} space={space} />;
}

function PageItems<Row>(props: ItemsProps<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const { top, gap } = usePlace(list, null);
  const [height, setHeight] = useState(props.height ?? USUAL_HEIGHT);
  const held = useHeld(props);
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useWindowVirtualizer<HTMLLIElement>({
    ...optionsOf(props, height, held.index),
    scrollMargin: top,
    gap,
  });
  useFirstHeight(props, virtual, height, setHeight);
  return <Items {...props} list={list} virtual={virtual} held={held} top={top} gap={gap} />;
}

function SpaceItems<Row>({ space, ...props }: ItemsProps<Row> & { space: HTMLElement | null }) {
  const list = useRef<HTMLUListElement>(null);
  const { top, gap } = usePlace(list, space);
  const [height, setHeight] = useState(props.height ?? USUAL_HEIGHT);
  const held = useHeld(props);
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer<HTMLElement, HTMLLIElement>({
    ...optionsOf(props, height, held.index),
    getScrollElement: () => space,
    scrollMargin: top,
    gap,
  });
  useFirstHeight(props, virtual, height, setHeight);
  return <Items {...props} list={list} virtual={virtual} held={held} top={top} gap={gap} />;
}

interface DrawnItems<Row> extends ItemsProps<Row> {
  list: RefObject<HTMLUListElement | null>;
  virtual: Pick<Virtualizer<Window, HTMLLIElement>, 'getVirtualItems' | 'getTotalSize' | 'measureElement'>;
  held: ReturnType<typeof useHeld<Row>>;
  top: number;
  gap: number;
}

function Items<Row>(props: DrawnItems<Row>) {
  const { rows, rowKey, label, className, itemClass, children, list, virtual, held, top, gap } = props;
  const items = virtual.getVirtualItems();
  useEnd(props, items.at(-1)?.index);
  return (
    <ul ref={list} className={className} aria-label={label}>
      {stretch(items, virtual.getTotalSize(), top, gap, {
        gap: (key, size) => (
          <li key={key} role="presentation" aria-hidden="true" className="gap" style={{ height: size }} />
        ),
        item: (index) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <li
              key={rowKey(row)}
              data-index={index}
              ref={virtual.measureElement}
              className={itemClass?.(row)}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              onFocus={() => held.hold(row)}
              onBlur={() => held.hold(null)}
            >
              {children(row)}
            </li>
          );
        },
      })}
    </ul>
  );
}

function optionsOf<Row>({ rows, rowKey }: Common<Row>, height: number, held: () => number) {
  return {
    count: rows.length,
    estimateSize: () => height,
    getItemKey: (index: number) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: OVERSCAN,
    rangeExtractor: (range: Range) => withHeld(defaultRangeExtractor(range), held()),
  };
}

/** The rows of a range, in order, and the one that is held. */
function withHeld(range: number[], held: number): number[] {
  if (held === -1 || range.includes(held)) return range;
  return held < (range[0] ?? 0) ? [held, ...range] : [...range, held];
}

/** Remembers the row that has the focus: taken out of the page it would leave the keyboard nowhere. */
function useHeld<Row>({ rows, rowKey }: Common<Row>) {
  const key = useRef<string | null>(null);
  return {
    hold: (row: Row | null) => {
      key.current = row === null ? null : rowKey(row);
    },
    index: () => (key.current === null ? -1 : rows.findIndex((row) => rowKey(row) === key.current)),
  };
}

interface Measured {
  measurementsCache: { size: number }[];
  measure: () => void;
}

/**
 * As high as the first one really is: sizes that turn out otherwise while it is scrolled would stop the scrolling. Where
 * rows come in at the top it is not measured anew with each, which would measure all of them.
 */
function useFirstHeight<Row>(
  { rows, rowKey }: Common<Row>,
  virtual: Measured,
  height: number,
  setHeight: (height: number) => void,
): void {
  const [row] = rows;
  const key = row === undefined ? '' : rowKey(row);
  const [first] = useState(key);
  const measured = (first === key ? virtual.measurementsCache[0]?.size : undefined) ?? height;
  useLayoutEffect(() => setHeight(measured), [measured, setHeight]);
  // oxlint-disable-next-line react/exhaustive-deps
  useLayoutEffect(() => virtual.measure(), [height]);
}

function useEnd<Row>({ rows, onEnd }: Common<Row>, last: number | undefined): void {
  const near = last !== undefined && last >= rows.length - OVERSCAN;
  // Another function each time it is drawn, which is no reason to ask again.
  const ask = useEffectEvent(() => onEnd?.());
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(() => {
    if (near) ask();
  }, [near, rows.length]);
}

/** Where a list begins in what it scrolls with (null: the page), and what is between its items, in px. */
function usePlace(list: RefObject<HTMLElement | null>, space: HTMLElement | null): { top: number; gap: number } {
  const [place, setPlace] = useState({ top: 0, gap: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      if (list.current === null) return;
      const { top: above } = list.current.getBoundingClientRect();
      // A list that is itself what scrolls begins at its top, wherever it is scrolled to.
      const top =
        space === list.current
          ? 0
          : Math.round(above + (space === null ? window.scrollY : space.scrollTop - space.getBoundingClientRect().top));
      const gap = Number.parseFloat(getComputedStyle(list.current).rowGap) || 0;
      setPlace((before) => (before.top === top && before.gap === gap ? before : { top, gap }));
    };
    measure();
    // Whatever grows above the list makes what it is in longer.
    const watcher = new ResizeObserver(measure);
    watcher.observe(space ?? document.body);
    return () => watcher.disconnect();
  }, [list, space]);
  return place;
}

interface Draw {
  gap: (key: string, height: number) => ReactNode;
  item: (index: number) => ReactNode;
}

/** The items with, between them, room as high as those that are not in the page; `gap` px are between two neighbours. */
function stretch(
  items: readonly { index: number; start: number; end: number }[],
  total: number,
  margin: number,
  gap: number,
  draw: Draw,
): ReactNode[] {
  const drawn: ReactNode[] = [];
  let [end, after] = [margin, -1];
  const room = (until: number, behind: number) => {
    const size = until - end - (after === -1 ? 0 : gap) - behind;
    if (size > 0) drawn.push(draw.gap(`gap-${after}`, size));
  };
  for (const item of items) {
    if (item.index > after + 1) room(item.start, gap);
    drawn.push(draw.item(item.index));
    [end, after] = [item.end, item.index];
  }
  room(margin + total, 0);
  return drawn;
}
