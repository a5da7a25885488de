/** Rows as text in columns, each as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map(
      (row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] as number))).join('  ')}\n`,
    )
    .join('');
}

/** A time as people read it, UTC; `none` for null. */
export function shortTime(time: string | null, none = '-'): string {
  return time === null ? none : time.slice(0, 16).replace('T', ' ');
}
