import { type FieldName, findField } from '../model/field.ts';
import type { Metric, TimeStep, TrafficAnswer, TrafficQuery, TrafficRow } from '../model/traffic-query.ts';
import { TIME_STEPS } from '../model/traffic-query.ts';
import { type Binder, createBinder, fieldSql, filterSql, type TableKind } from './requests-fields.ts';
import { SKETCH, sketchCount } from './requests-sketch.ts';
import { ceilMinute, cutWindow, type Span, type SpanLimits } from './requests-spans.ts';

/** A statement with its values. */
export interface Statement {
  sql: string;
  binder: Binder;
}

/** A statement that answers a traffic query, and what the answer is made of. */
export interface TrafficPlan extends Statement {
  source: TrafficAnswer['source'];
}

const MAX_ROWS = 100_000;
const LEVELS: Partial<Record<Metric, number>> = { p50: 1, p75: 2, p90: 3, p95: 4, p99: 5 };
const VISIT_METRICS = new Set<Metric>(['uniques', 'timed', 'p50', 'p75', 'p90', 'p95', 'p99']);

// The roll-up views use the same expressions: counts of rows and of roll-ups agree exactly.
const VISITOR = "if(visitor_id = '', client_key, sipHash64(visitor_id))";
const HAS_VISITOR = "visitor_id != '' OR client_key != 0";

/** What every branch of a union brings along, by kind: counts to be summed or states to be merged. */
const PARTIALS: Record<'counts' | 'visits', Record<'rows' | 'buckets', string[]>> = {
  counts: {
    rows: [
      'count() AS n',
      "countIf(is_bot = 0 AND network_kind != 'hosting') AS n_people",
      'countIf(is_bot = 1) AS n_bots',
      "countIf(is_bot = 0 AND network_kind = 'hosting') AS n_hosting",
      'countIf(intDiv(status, 100) = 5) AS n_errors',
      'count() AS n_kept',
      'toUInt64(sumIf(requests.bytes_in, requests.bytes_in >= 0)) AS b_in',
      'toUInt64(sumIf(requests.bytes_out, requests.bytes_out >= 0)) AS b_out',
      'groupBitOr((requests.bytes_in >= 0) + 2 * (requests.bytes_out >= 0)) AS known',
    ],
    buckets: [
      'sum(requests) AS n',
      "sumIf(requests, class = 'people') AS n_people",
      "sumIf(requests, class = 'bots') AS n_bots",
      "sumIf(requests, class = 'hosting') AS n_hosting",
      'sumIf(requests, status_class = 5) AS n_errors',
      'sumIf(requests, kept = 1) AS n_kept',
      'sum(bytes_in) AS b_in',
      'sum(bytes_out) AS b_out',
      'groupBitOr(sizes_known) AS known',
    ],
  },
  visits: {
    rows: [
      `uniqStateIf(${VISITOR}, ${HAS_VISITOR}) AS visitors_state`,
      `quantilesDDStateIf${SKETCH}(duration_us, duration_us >= 0) AS durations_state`,
    ],
    buckets: [
      'uniqMergeState(visitors) AS visitors_state',
      `quantilesDDMergeState${SKETCH}(durations) AS durations_state`,
    ],
  },
};

/** The figures of each kind, and the partials that each is made of: what is not asked for is not read. */
const FINALS: Record<'counts' | 'visits', { sql: string; metrics: readonly Metric[]; needs: readonly string[] }[]> = {
  counts: [
    { sql: 'sum(n) AS requests', metrics: ['requests', 'error_rate'], needs: ['n'] },
    { sql: 'sum(n_people) AS people', metrics: ['people'], needs: ['n_people'] },
    { sql: 'sum(n_bots) AS bots', metrics: ['bots'], needs: ['n_bots'] },
    { sql: 'sum(n_hosting) AS hosting', metrics: ['hosting'], needs: ['n_hosting'] },
    { sql: 'sum(n_errors) AS errors', metrics: ['errors', 'error_rate'], needs: ['n_errors'] },
    {
      sql: 'if(requests = 0, NULL, errors / requests) AS error_rate',
      metrics: ['error_rate'],
      needs: ['n', 'n_errors'],
    },
    { sql: 'sum(n_kept) AS kept', metrics: ['kept'], needs: ['n_kept'] },
    {
      sql: 'if(bitAnd(groupBitOr(known), 1) = 0, NULL, sum(b_in)) AS bytes_in',
      metrics: ['bytes_in'],
      needs: ['known', 'b_in'],
    },
    {
      sql: 'if(bitAnd(groupBitOr(known), 2) = 0, NULL, sum(b_out)) AS bytes_out',
      metrics: ['bytes_out'],
      needs: ['known', 'b_out'],
    },
  ],
  visits: [
    { sql: 'uniqMerge(visitors_state) AS uniques', metrics: ['uniques'], needs: ['visitors_state'] },
    {
      sql: `quantilesDDMerge${SKETCH}(durations_state) AS levels`,
      metrics: ['p50', 'p75', 'p90', 'p95', 'p99'],
      needs: ['durations_state'],
    },
    {
      sql: sketchCount(`quantilesDDMergeState${SKETCH}(durations_state)`),
      metrics: ['timed'],
      needs: ['durations_state'],
    },
  ],
};

/** The figures that a query asks for, with the one it is sorted by. */
function finalsOf(kind: 'counts' | 'visits', query: TrafficQuery) {
  const wanted = query.order === undefined ? query.metrics : [...query.metrics, query.order];
  const finals = FINALS[kind].filter(({ metrics }) => metrics.some((metric) => wanted.includes(metric)));
  // A query for groups alone still needs an aggregate to be one.
  return finals.length > 0 ? finals : FINALS[kind].slice(0, 1);
}

function partialsOf(kind: 'counts' | 'visits', from: 'rows' | 'buckets', query: TrafficQuery): string[] {
  const needed = new Set(finalsOf(kind, query).flatMap(({ needs }) => needs));
  return PARTIALS[kind][from].filter((partial) => needed.has(partial.slice(partial.lastIndexOf(' ') + 1)));
}

/**
 * Plans a traffic query. Roll-ups answer when they have every field that is asked for (they include requests that were
 * only counted); otherwise kept rows do. A window is cut into whole days, hours and minutes of the roll-ups, and the
 * ends that are shorter than a minute are counted from rows. `now` (ms) tells an end in the present: nothing came
 * after it, so its minute is whole.
 */
export function planTraffic(query: TrafficQuery, tenant: string | null, limits: SpanLimits, now: number): TrafficPlan {
  const binder = createBinder();
  const kinds: ('counts' | 'visits')[] = [];
  if (query.metrics.some((metric) => !VISIT_METRICS.has(metric))) kinds.push('counts');
  if (query.metrics.some((metric) => VISIT_METRICS.has(metric))) kinds.push('visits');
  if (kinds.length === 0) kinds.push('counts');
  const rolledUp = kinds.every((kind) => isRolledUp(query, kind));
  const to = rolledUp && query.to >= now ? ceilMinute(query.to) : query.to;
  const step = query.by.find(isTimeStep);
  const spans: Span[] = rolledUp
    ? cutWindow(query.from, to, { ...limits, coarsest: step === undefined ? 'day' : finest(query.by) })
    : [{ source: 'rows', from: query.from, to }];
  const parts = kinds.map((kind) => aggregate(kind, spans, query, tenant, binder));
  return { sql: joinParts(parts, kinds, query), binder, source: rolledUp ? 'roll-up' : 'rows' };
}

export function isTimeStep(name: string): name is TimeStep {
  return (TIME_STEPS as readonly string[]).includes(name);
}

function finest(by: TrafficQuery['by']): TimeStep {
  return TIME_STEPS.find((step) => by.includes(step)) ?? 'day';
}

function isRolledUp(query: TrafficQuery, kind: 'counts' | 'visits'): boolean {
  const needed = [...query.by.filter((name) => !isTimeStep(name)), ...query.where.map(({ field }) => field)];
  return needed.every((field) => fieldSql(kind, field as FieldName) !== undefined);
}

function aggregate(
  kind: 'counts' | 'visits',
  spans: readonly Span[],
  query: TrafficQuery,
  tenant: string | null,
  binder: Binder,
): string {
  const groups = query.by.map((_, index) => `g${index}`);
  const branches = spans.map((span) => branchSql(kind, span, query, tenant, binder));
  const inner = branches.length > 0 ? branches.join('\nUNION ALL\n') : nothing(kind, query);
  const grouping = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`;
  return `SELECT ${[...groups, '1 AS one', ...finalsOf(kind, query).map(({ sql }) => sql)].join(', ')}\nFROM (${inner})${grouping}`;
}

function branchSql(
  kind: 'counts' | 'visits',
  span: Span,
  query: TrafficQuery,
  tenant: string | null,
  binder: Binder,
): string {
  const fromRows = span.source === 'rows';
  const table: TableKind = fromRows ? 'rows' : kind;
  const name = fromRows ? 'requests' : `${kind}_${span.source}`;
  const groups = query.by.map((by, index) => `${groupSql(by, table)} AS g${index}`);
  const conditions = query.where.map((filter) => filterSql(filter, table, binder));
  if (tenant !== null) conditions.unshift(`tenant_id = ${binder.bind(tenant, 'UUID')}`);
  conditions.push(windowSql(span, binder));
  const grouping = groups.length === 0 ? '' : ` GROUP BY ${query.by.map((_, index) => `g${index}`).join(', ')}`;
  const columns = [...groups, ...partialsOf(kind, fromRows ? 'rows' : 'buckets', query)];
  return `SELECT ${columns.join(', ')} FROM ${name} WHERE ${conditions.join(' AND ')}${grouping}`;
}

/** A condition on time: of rows by the ms, of buckets by their start. */
export function windowSql(span: Span, binder: Binder): string {
  if (span.source === 'rows') {
    const [from, to] = [span.from, span.to].map((ms) => binder.bind(Math.trunc(ms), 'Int64'));
    return `time >= fromUnixTimestamp64Milli(${from}, 'UTC') AND time < fromUnixTimestamp64Milli(${to}, 'UTC')`;
  }
  const [from, to] = [span.from, span.to].map((ms) => binder.bind(Math.trunc(ms / 1000), 'Int64'));
  return `bucket >= toDateTime(${from}, 'UTC') AND bucket < toDateTime(${to}, 'UTC')`;
}

/** Texts as text, flags as 0 or 1, times as seconds since the epoch. */
function groupSql(by: FieldName | TimeStep, kind: TableKind): string {
  const time = kind === 'rows' ? 'time' : 'bucket';
  if (by === 'minute') return `toUnixTimestamp(toStartOfMinute(${time}))`;
  if (by === 'hour') return `toUnixTimestamp(toStartOfHour(${time}))`;
  if (by === 'day') return `toUnixTimestamp(toStartOfDay(${time}))`;
  return fieldSql(kind, by) as string;
}

/** An empty window still has a total. */
function nothing(kind: 'counts' | 'visits', query: TrafficQuery): string {
  const groups = query.by.map((by, index) => `${groupSql(by, 'rows')} AS g${index}`);
  const grouping = groups.length === 0 ? '' : ` GROUP BY ${query.by.map((_, index) => `g${index}`).join(', ')}`;
  return `SELECT ${[...groups, ...partialsOf(kind, 'rows', query)].join(', ')} FROM requests WHERE 0${grouping}`;
}

function joinParts(parts: readonly string[], kinds: readonly string[], query: TrafficQuery): string {
  const groups = query.by.map((_, index) => `g${index}`);
  const on = ['one', ...groups];
  const [first = '', second] = parts;
  // A request is in both or in neither, so that each group has its partner.
  const from =
    second === undefined
      ? `(${first}) AS a`
      : `(${first}) AS a ANY LEFT JOIN (${second}) AS b ON ${on.map((column) => `a.${column} = b.${column}`).join(' AND ')}`;
  const metrics = query.metrics.map((metric) => `${metricSql(metric, kinds)} AS m_${metric}`);
  const columns = [...groups.map((group) => `a.${group} AS ${group}`), ...metrics];
  return `SELECT ${columns.length > 0 ? columns.join(', ') : '1'}\nFROM ${from}\n${orderSql(query, kinds)}\nLIMIT ${limitOf(query)}`;
}

function metricSql(metric: Metric, kinds: readonly string[]): string {
  const alias = VISIT_METRICS.has(metric) && kinds.length === 2 ? 'b' : 'a';
  const level = LEVELS[metric];
  return level === undefined ? `${alias}.${metric}` : `${alias}.levels[${level}] / 1000`;
}

function orderSql(query: TrafficQuery, kinds: readonly string[]): string {
  const keys: string[] = [];
  for (const [index, by] of query.by.entries()) if (isTimeStep(by)) keys.push(`g${index}`);
  const metric = query.order ?? (query.metrics.includes('requests') ? 'requests' : query.metrics[0]);
  if (
    metric !== undefined &&
    (query.metrics.includes(metric) || !VISIT_METRICS.has(metric) || kinds.includes('visits'))
  ) {
    const known = VISIT_METRICS.has(metric) ? kinds.includes('visits') : kinds.includes('counts');
    if (known) keys.push(`${metricSql(metric, kinds)} DESC NULLS LAST`);
  }
  for (const index of query.by.keys()) keys.push(`g${index}`);
  return keys.length === 0 ? '' : `ORDER BY ${[...new Set(keys)].join(', ')}`;
}

function limitOf(query: TrafficQuery): number {
  return Math.max(1, Math.min(MAX_ROWS, Math.trunc(query.limit) || 1));
}

/** Raw result rows as the answer gives them: times in RFC 3339, flags as booleans, unknown numbers null. */
export function toTrafficRows(rows: readonly Record<string, unknown>[], query: TrafficQuery): TrafficRow[] {
  return rows.map((row) => {
    const answer: TrafficRow = {};
    for (const [index, by] of query.by.entries()) answer[by] = groupValue(by, row[`g${index}`]);
    for (const metric of query.metrics) answer[metric] = numberOrNull(row[`m_${metric}`]);
    return answer;
  });
}

function groupValue(by: FieldName | TimeStep, value: unknown): string | number | boolean | null {
  if (isTimeStep(by)) return new Date(Number(value) * 1000).toISOString();
  const kind = findField(by)?.kind;
  if (kind === 'flag') return Number(value) === 1;
  if (kind === 'number') return Number(value) < 0 ? null : Number(value);
  return String(value);
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined || Number.isNaN(Number(value)) ? null : Number(value);
}
