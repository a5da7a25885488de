/** How much of a kind of data there is of a tenant. */
export interface KeptFigure {
  /** `requests granted`, `live_addresses`. */
  name: string;
  rows: number;
  /** Time of the oldest, ms since the epoch; null where there is none. */
  oldest: number | null;
}

const ROLL_UPS = ['counts_minute', 'counts_hour', 'counts_day', 'visits_minute', 'visits_hour', 'visits_day'];
const INTERACTION_ROLL_UPS = ['interaction_counts_hour', 'interaction_counts_day'];

/** Figures of what ClickHouse holds of one tenant; `mine` is the condition that says whose it is. */
export async function readKept(run: <Row>(sql: string) => Promise<Row[]>, mine: string): Promise<KeptFigure[]> {
  const figures = (table: string, time: string, name = quote(table)) =>
    `SELECT ${name} AS name, count() AS rows, toUnixTimestamp64Milli(toDateTime64(min(t.${time}), 3, 'UTC')) AS oldest
     FROM ${table} AS t WHERE ${mine}`;
  const all = await run<{ name: string; rows: number; oldest: number }>(
    [
      `${figures('requests', 'time', "concat('requests ', toString(t.consent))")} GROUP BY t.consent`,
      ...[...ROLL_UPS, ...INTERACTION_ROLL_UPS].map((table) => figures(table, 'bucket')),
      figures('requests_sample', 'time'),
      figures('live_addresses', 'last_seen'),
      figures('interactions', 'time'),
      figures('sessions', 'started'),
    ].join(' UNION ALL '),
  );
  const known = new Map(all.map((row) => [row.name, row]));
  const single = [
    'requests granted',
    'requests unknown',
    'requests refused',
    'requests_sample',
    'live_addresses',
    'interactions',
    'sessions',
  ];
  return [
    ...single.map((name) => together(name, [name], known)),
    together('roll-ups', ROLL_UPS, known),
    together('interaction roll-ups', INTERACTION_ROLL_UPS, known),
  ];
}

function together(
  name: string,
  tables: readonly string[],
  known: ReadonlyMap<string, { rows: number; oldest: number }>,
): KeptFigure {
  const some = tables.flatMap((table) => known.get(table) ?? []).filter(({ rows }) => rows > 0);
  const rows = some.reduce((sum, one) => sum + one.rows, 0);
  return { name, rows, oldest: rows === 0 ? null : Math.min(...some.map(({ oldest }) => oldest)) };
}

function quote(text: string): string {
  return `'${text}'`;
}
