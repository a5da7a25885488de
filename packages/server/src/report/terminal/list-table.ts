import type { ByClass, List, Row } from '../report.ts';
import { bar } from './bar.ts';
import type { Ink } from './ink.ts';
import { bytes, count, fit, percent, printable } from './text.ts';

interface NumberColumn {
  title: string;
  /** As wide as in the other lists, so that all stand in line. */
  widest: string;
  text(row: Row): string;
  style?(ink: Ink): (text: string) => string;
}

/** A list as lines: key, bar, requests with share, each class and, where there is room, bytes and errors. */
export function listTable(list: List, all: ByClass, columns: number, ink: Ink, empty = '(none)'): string[] {
  const total = all.total;
  const lowerBounds = list.rows.some((row) => row.unseen_at_most !== undefined);
  const numbers: NumberColumn[] = [
    {
      title: 'requests',
      widest: count(total),
      text: (row) => (row.unseen_at_most === undefined ? '' : '≥ ') + count(row.requests),
    },
    { title: 'share', widest: '<0.1 %', text: (row) => percent(row.requests, total) },
    { title: 'people', widest: count(all.people), text: (row) => count(row.people), style: (i) => i.people },
    { title: 'bots', widest: count(all.bots), text: (row) => count(row.bots), style: (i) => i.bots },
    { title: 'hosting', widest: count(all.hosting), text: (row) => count(row.hosting), style: (i) => i.hosting },
  ];
  if (columns >= 100)
    numbers.push({ title: 'errors', widest: '<0.1 %', text: (row) => percent(row.errors, row.requests) });
  if (columns >= 110) numbers.push({ title: 'bytes', widest: '123 MB', text: (row) => bytes(row.bytes) });
  const widths = numbers.map((column) =>
    Math.max(column.title.length, column.widest.length, ...list.rows.map((row) => column.text(row).length)),
  );
  const used = widths.reduce((sum, width) => sum + width + 2, 0);
  const barWidth = Math.max(0, Math.min(24, Math.floor((columns - used) * 0.3)));
  const keyWidth = Math.max(12, columns - used - (barWidth > 4 ? barWidth + 1 : 0));
  const most = Math.max(1, ...list.rows.map((row) => row.requests));
  const head = numbers.map((column, i) => `  ${column.title.padStart(widths[i] as number)}`).join('');
  const lines = [ink.dim(`${' '.repeat(columns - used)}${head}`)];
  for (const row of list.rows) {
    const key = printable(row.label ?? (row.key === '' ? empty : row.key));
    let line = fit(key, keyWidth);
    if (barWidth > 4) {
      const drawn = bar(row, most, barWidth, ink);
      line += ` ${drawn.text}${' '.repeat(barWidth - drawn.width)}`;
    }
    numbers.forEach((column, i) => {
      const text = `  ${column.text(row).padStart(widths[i] as number)}`;
      line += column.style === undefined ? text : column.style(ink)(text);
    });
    lines.push(line);
  }
  const left = list.distinct - list.rows.length;
  if (!list.exact) {
    const bound = `more than ${count(list.distinct)} different ones, the rarest not held: figures are lower bounds`;
    const others = lowerBounds ? '' : '; those shown are exact';
    lines.push(
      ink.warn(`≥ ${bound}${others}. One that is missing had at most ${count(list.missed_at_most)} requests.`),
    );
  } else if (left > 0) lines.push(ink.dim(`… and ${count(left)} more`));
  return lines;
}
