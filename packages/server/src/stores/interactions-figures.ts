import {
  type InteractionBy,
  type InteractionFigure,
  type InteractionFigures,
  type InteractionQuery,
  type Stretch,
  windowOf,
} from '../model/interaction-query.ts';
import type { Run } from './interactions.ts';
import { type Binder, createBinder } from './requests-fields.ts';
import { cutWindow } from './requests-spans.ts';
import { windowSql } from './requests-traffic.ts';

const HOUR_MS = 3_600_000;
/** Error and levels of the sketch of values; the tables name the same. */
const SKETCH = '(0.01, 0.5, 0.75, 0.95)';
const MOST_KEYS = 100_000;

/** From when on hours are there for certain, ms since the epoch. */
export interface Horizons {
  hoursSince: number;
}

type Filters = Pick<InteractionQuery, 'kind' | 'name' | 'domain' | 'class'>;

/** The same keys of roll-ups and of rows, so that what one counts can be told beside what the other knows. */
const KEYS: Record<Exclude<InteractionBy, 'path' | 'hour' | 'day'>, string> = {
  kind: 'toString(kind)',
  name: 'toString(name)',
  country: 'toString(country)',
  device_type: 'toString(device_type)',
  class: 'toString(class)',
};

/** A window widened to whole hours: the finest that is counted. */
export function wholeHours({ from, to }: Stretch): Stretch {
  return { from: Math.floor(from / HOUR_MS) * HOUR_MS, to: Math.ceil(to / HOUR_MS) * HOUR_MS };
}

interface Counted {
  key: string;
  count: number;
  consented: number;
  told: number;
  levels: number[];
}

/** Figures of interactions: counts and levels out of the roll-ups, different people out of the rows. */
export async function readFigures(
  query: InteractionQuery,
  tenantId: string,
  run: Run,
  horizons: Horizons,
): Promise<InteractionFigures> {
  const stretch = wholeHours(query);
  const [total] = await readCounts({ ...query, ...stretch }, null, tenantId, run, horizons);
  const counted =
    query.by === 'path' ? null : await readCounts({ ...query, ...stretch }, query.by, tenantId, run, horizons);
  const known = await readRows({ ...query, ...stretch }, tenantId, run);
  const rows =
    counted === null
      ? [...known]
          .map(([key, row]) =>
            figureOf({ key, count: row.rows, consented: row.rows, told: row.told, levels: row.levels }, row),
          )
          .slice(0, query.limit)
      : counted.map((row) => figureOf(row, known.get(row.key)));
  return {
    window: windowOf(stretch),
    by: query.by,
    total: { count: total?.count ?? 0, consented: total?.consented ?? 0 },
    rows: isTime(query.by)
      ? rows.map((row) => ({ ...row, key: new Date(Number(row.key) * 1000).toISOString() }))
      : rows,
  };
}

function figureOf(counted: Counted, known: Known | undefined): InteractionFigure {
  const { key, count, consented, told, levels } = counted;
  const level = (index: number) => (told > 0 ? (levels[index] ?? null) : null);
  const rows = known?.rows ?? 0;
  return {
    key,
    count,
    consented,
    visitors: rows < consented ? null : (known?.visitors ?? 0),
    p50: level(0),
    p75: level(1),
    p95: level(2),
  };
}

/** Counts by a key, or of everything; from days and hours of the roll-ups. */
export async function readCounts(
  query: Stretch & Filters & { limit: number },
  by: Exclude<InteractionBy, 'path'> | null,
  tenantId: string,
  run: Run,
  { hoursSince }: Horizons,
): Promise<Counted[]> {
  const binder = createBinder();
  const coarsest = by === 'hour' ? 'hour' : 'day';
  const spans = cutWindow(query.from, query.to, { coarsest, hoursSince, minutesSince: Infinity });
  const key = by === null ? "''" : isTime(by) ? startOf(by, 'bucket') : KEYS[by];
  const branches = spans
    .filter(({ source }) => source === 'hour' || source === 'day')
    .map(
      (span) => `SELECT ${key} AS key, kept, sum(interactions) AS n, sum(valued) AS told,
        quantilesDDMergeState${SKETCH}(values) AS sketch
      FROM interaction_counts_${span.source}
      WHERE ${[mine(tenantId, binder), ...filterSql(query, binder), windowSql(span, binder)].join(' AND ')}
      GROUP BY key, kept`,
    );
  if (branches.length === 0) return [];
  return run<Counted>(
    `SELECT key, sum(n) AS count, sumIf(n, kept = 1) AS consented, sum(branch.told) AS told,
      quantilesDDMerge${SKETCH}(sketch) AS levels
    FROM (${branches.join(' UNION ALL ')}) AS branch
    GROUP BY key ORDER BY ${by !== null && isTime(by) ? 'toUInt64(key)' : 'count DESC'}, key LIMIT ${query.limit}`,
    binder,
  );
}

interface Known {
  rows: number;
  visitors: number;
  told: number;
  levels: number[];
}

/** What is known of people who granted, by key, the most frequent first. */
async function readRows(query: InteractionQuery, tenantId: string, run: Run): Promise<Map<string, Known>> {
  const binder = createBinder();
  const { by } = query;
  const key = by === 'path' ? 'toString(path)' : isTime(by) ? startOf(by, 'time') : KEYS[by];
  const conditions = [mine(tenantId, binder), ...filterSql(query, binder), rowWindow(query, binder)];
  const rows = await run<Known & { key: string }>(
    `SELECT ${key} AS key, count() AS rows, uniqExactIf(visitor_id, visitor_id != '') AS visitors,
      countIf(has_value = 1) AS told, quantilesDDIf${SKETCH}(value, has_value = 1) AS levels
    FROM interactions WHERE ${conditions.join(' AND ')}
    GROUP BY key ORDER BY rows DESC, key LIMIT ${MOST_KEYS}`,
    binder,
  );
  return new Map(rows.map((row) => [row.key, row]));
}

function isTime(by: InteractionBy): by is 'hour' | 'day' {
  return by === 'hour' || by === 'day';
}

function startOf(step: 'hour' | 'day', time: string): string {
  return `toString(toUnixTimestamp(${step === 'hour' ? 'toStartOfHour' : 'toStartOfDay'}(${time})))`;
}

export function mine(tenantId: string, binder: Binder): string {
  return `tenant_id = ${binder.bind(tenantId, 'UUID')}`;
}

/** The time of rows, to the ms. */
export function rowWindow({ from, to }: Stretch, binder: Binder): string {
  return windowSql({ source: 'rows', from, to }, binder);
}

/** Conditions that hold over rows and roll-ups alike. */
export function filterSql({ kind, name, domain, class: of }: Filters, binder: Binder): string[] {
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`${column} = ${binder.bind(value, 'String')}`];
  return [
    ...equal('kind', kind),
    ...equal('name', name),
    ...equal('domain', domain?.toLowerCase()),
    ...equal('toString(class)', of),
  ];
}
