import { type FieldName, findField } from '../model/field.ts';
import type { Metric, TimeStep, TimeWindow, TrafficAnswer, TrafficQuery, TrafficRow } from '../model/traffic-query.ts';
import { COUNTED, TIME_STEPS } from '../model/traffic-query.ts';
import { ALL_DOMAINS, type Binder, createBinder, fieldSql, filterSql, type TableKind } from './requests-fields.ts';
import { type FigureKind, figuresSql, kindOf, metricsOf, partialsSql } from './requests-figures.ts';
import { alignWindow, ceilMinute, cutHours, cutWindow, type Span, type SpanLimits } from './requests-spans.ts';

/** A statement with its values. */
export interface Statement {
  sql: string;
  binder: Binder;
}

/** A statement that answers a traffic query, and what the answer is made of. */
export interface TrafficPlan extends Statement {
  source: TrafficAnswer['source'];
}

/** Metrics that are read in one go from one kind of table. */
interface Part {
  table: TableKind;
  metrics: readonly Metric[];
  /** Of the rows of the sample those that were drawn by what; without it all rows are read. */
  drawnBy?: keyof SampleShares;
}

/** The shares of requests and of visitors that are in the sample, above 0 and up to 1. */
export interface SampleShares {
  request: number;
  visitor: number;
}

/** One window of a query: of the times that it is asked for or of those that they are compared with. */
interface Side {
  spans: readonly Span[];
  /** Added to times before they are grouped, ms. */
  shift: number;
  /** Groups of time start here or later, ms. */
  earliest: number;
}

interface Context {
  query: TrafficQuery;
  tenant: string | null;
  binder: Binder;
  sample: SampleShares | null;
}

const MAX_ROWS = 100_000;
const HOUR_MS = 3_600_000;

/**
 * Plans a traffic query. Roll-ups answer when they have every field that is asked for (they include requests that were
 * only counted); otherwise kept rows do. A window is cut into whole days, hours and minutes of the roll-ups, and the
 * ends that are shorter than a minute are counted from rows. `now` (ms) tells an end in the present: nothing came
 * after it, so its minute is whole. With `sample`, kept rows are read from the sample, and figures scaled by its shares.
 */
export function planTraffic(
  query: TrafficQuery,
  tenant: string | null,
  limits: SpanLimits,
  now: number,
  sample: SampleShares | null = null,
): TrafficPlan {
  const context = { query, tenant, binder: createBinder(), sample };
  const metrics = metricsOf(query);
  const rolledUp = isRolledUp(query);
  const parts = rolledUp ? rollUpParts(metrics) : sample === null ? rowParts(metrics) : sampleParts(metrics);
  const step = finest(query.by);
  const side = (window: TimeWindow, shift: number, coarsest: TimeStep): Side => {
    const to = rolledUp && window.to >= now ? ceilMinute(window.to) : window.to;
    const spans = rolledUp ? cutWindow(window.from, to, { ...limits, coarsest }) : cutHours(window.from, to);
    return { spans, shift, earliest: query.from };
  };
  const sides = [side(query, 0, step ?? 'day')];
  const compare = query.compare ?? null;
  if (compare !== null) {
    const { shift, coarsest } = alignWindow(compare.from, query.from, step, limits);
    sides.push(side(compare, shift, coarsest));
  }
  const [now_ = '', before] = sides.map((each) => sideSql(parts, each, context));
  return {
    sql: before === undefined ? plainSql(now_, query) : comparedSql(now_, before, query),
    binder: context.binder,
    source: rolledUp ? 'roll-up' : 'rows',
  };
}

export function isTimeStep(name: string): name is TimeStep {
  return (TIME_STEPS as readonly string[]).includes(name);
}

function finest(by: TrafficQuery['by']): TimeStep | undefined {
  return TIME_STEPS.find((step) => by.includes(step));
}

function rowParts(metrics: readonly Metric[]): Part[] {
  return [{ table: 'rows', metrics }];
}

/** Uniques are of visitors who were drawn as a whole, everything else is of requests that were drawn one by one. */
function sampleParts(metrics: readonly Metric[]): Part[] {
  const ofVisitors = metrics.filter((metric) => kindOf(metric) === 'uniques');
  const ofRequests = metrics.filter((metric) => kindOf(metric) !== 'uniques');
  const parts: Part[] = [
    { table: 'rows', metrics: ofRequests, drawnBy: 'request' },
    { table: 'rows', metrics: ofVisitors, drawnBy: 'visitor' },
  ];
  const asked = parts.filter((part) => part.metrics.length > 0);
  return asked.length > 0 ? asked : parts.slice(0, 1);
}

const isCount = (kind: FigureKind) => kind === 'counts';

function rollUpParts(metrics: readonly Metric[]): Part[] {
  const counts = metrics.filter((metric) => isCount(kindOf(metric)));
  const visits = metrics.filter((metric) => !isCount(kindOf(metric)));
  const parts: Part[] = [
    { table: 'counts', metrics: counts },
    { table: 'visits', metrics: visits },
  ];
  const asked = parts.filter((part) => part.metrics.length > 0);
  return asked.length > 0 ? asked : parts.slice(0, 1);
}

/** Whether the roll-ups have every field that the query needs. */
function isRolledUp(query: TrafficQuery): boolean {
  const needed = [...query.by.filter((name) => !isTimeStep(name)), ...query.where.map(({ field }) => field)];
  return rollUpParts(metricsOf(query)).every(({ table }) =>
    needed.every((field) => fieldSql(table, field as FieldName) !== undefined),
  );
}

function groupNames(query: TrafficQuery): string[] {
  return query.by.map((_, index) => `g${index}`);
}

/** How many rows of the sample the filters of a query match, in the hours of its windows together: `n`. */
export function planMatches(query: TrafficQuery, tenant: string): Statement {
  const binder = createBinder();
  const windows = [query, query.compare ?? null].filter((window) => window !== null);
  const inWindow = windows.map(
    ({ from, to }) => `(${windowSql({ source: 'rows', from: from - (from % HOUR_MS), to, hours: true }, binder)})`,
  );
  const conditions = [
    `tenant_id = ${binder.bind(tenant, 'UUID')}`,
    "drawn_by = 'request'",
    `(${inWindow.join(' OR ')})`,
    ...query.where.map((filter) => filterSql(filter, 'rows', binder)),
  ];
  return { sql: `SELECT count() AS n FROM requests_sample WHERE ${conditions.join(' AND ')}`, binder };
}

/** Every group of a window: `g0`…, `one` and `m_<metric>` of all metrics. */
function sideSql(parts: readonly Part[], side: Side, context: Context): string {
  const groups = groupNames(context.query);
  const [first = '', ...others] = parts.map((part) => partSql(part, side, context));
  if (others.length === 0) return first;
  // A request is in both or in neither, so that each group has its partner; but for a sample, where it is unknown then.
  const on = ['one', ...groups].map((column) => `a.${column} = b.${column}`).join(' AND ');
  const metrics = parts.flatMap(({ metrics }, index) =>
    metrics.map((metric) => {
      const figure = `${index === 0 ? 'a' : 'b'}.m_${metric}`;
      return `${index > 0 && context.sample !== null ? `if(b.one = 1, ${figure}, NULL)` : figure} AS m_${metric}`;
    }),
  );
  return `SELECT ${[...groups.map((group) => `a.${group} AS ${group}`), 'a.one AS one', ...metrics].join(', ')}
FROM (${first}) AS a ANY LEFT JOIN (${others[0]}) AS b ON ${on}`;
}

function partSql(part: Part, side: Side, context: Context): string {
  const groups = groupNames(context.query);
  const branches = side.spans.map((span) => branchSql(part, span, side, context));
  const inner = branches.length > 0 ? branches.join('\nUNION ALL\n') : nothing(part, side, context);
  const scale = part.drawnBy === undefined || context.sample === null ? 1 : 1 / context.sample[part.drawnBy];
  return `SELECT ${[...groups, '1 AS one', ...figuresSql(part.metrics, scale)].join(', ')}
FROM (${inner})${groupBy(groups)}`;
}

function branchSql(part: Part, span: Span, side: Side, context: Context): string {
  const { query, tenant, binder } = context;
  const table: TableKind = span.source === 'rows' ? 'rows' : part.table;
  const rows = part.drawnBy === undefined ? 'requests' : 'requests_sample';
  const name = span.source === 'rows' ? rows : `${part.table}_${span.source}`;
  const conditions = query.where.map((filter) => filterSql(filter, table, binder));
  if (span.source === 'hour' || span.source === 'day') conditions.unshift(domainsSql(query));
  if (tenant !== null) conditions.unshift(`tenant_id = ${binder.bind(tenant, 'UUID')}`);
  if (part.drawnBy !== undefined) conditions.push(`drawn_by = '${part.drawnBy}'`);
  conditions.push(windowSql(span, binder));
  return selectSql(part, table, name, conditions.join(' AND '), side, query, span.hours);
}

/** Which rows of a roll-up that has each group twice: by domain, or of all domains where none is asked for. */
function domainsSql({ by, where }: TrafficQuery): string {
  const apart = by.includes('domain') || where.some(({ field }) => field === 'domain');
  return `domain ${apart ? '!=' : '='} '${ALL_DOMAINS}'`;
}

/** An empty window still has a total. */
function nothing(part: Part, side: Side, { query }: Context): string {
  return selectSql(part, 'rows', 'requests', '0', side, query);
}

function selectSql(
  part: Part,
  table: TableKind,
  name: string,
  where: string,
  side: Side,
  query: TrafficQuery,
  hours = false,
): string {
  const groups = query.by.map((by, index) => `${groupSql(by, table, side, hours)} AS g${index}`);
  const partials = partialsSql(part.metrics, table);
  // A query for groups alone still needs an aggregate to be one.
  const columns = [...groups, ...(partials.length > 0 ? partials : ['count() AS n'])];
  return `SELECT ${columns.join(', ')} FROM ${name} AS t WHERE ${where}${groupBy(groupNames(query))}`;
}

function groupBy(groups: readonly string[]): string {
  return groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`;
}

/** A condition on time: of rows by the ms or the hour, of buckets by their start. */
export function windowSql(span: Span, binder: Binder): string {
  if (span.source === 'rows' && !span.hours) {
    const [from, to] = [span.from, span.to].map((ms) => binder.bind(Math.trunc(ms), 'Int64'));
    return `time >= fromUnixTimestamp64Milli(${from}, 'UTC') AND time < fromUnixTimestamp64Milli(${to}, 'UTC')`;
  }
  const [from, to] = [span.from, span.to].map((ms) => binder.bind(Math.trunc(ms / 1000), 'Int64'));
  if (span.hours) return `hour >= toDateTime(${from}, 'UTC') AND hour < toDateTime(${to}, 'UTC')`;
  return `bucket >= toDateTime(${from}, 'UTC') AND bucket < toDateTime(${to}, 'UTC')`;
}

const START_OF: Record<TimeStep, string> = { minute: 'toStartOfMinute', hour: 'toStartOfHour', day: 'toStartOfDay' };

/** Texts as text, flags as 0 or 1, times as seconds since the epoch. */
function groupSql(by: FieldName | TimeStep, table: TableKind, { shift, earliest }: Side, hours: boolean): string {
  if (!isTimeStep(by)) return fieldSql(table, by) as string;
  const time = table !== 'rows' ? 'bucket' : hours && by !== 'minute' && shift === 0 ? 'hour' : 'time';
  if (shift === 0) return `toUnixTimestamp(${START_OF[by]}(${time}))`;
  const start = (sql: string) => `toUnixTimestamp(${START_OF[by]}(${sql}))`;
  const first = start(`fromUnixTimestamp64Milli(toInt64(${Math.trunc(earliest)}), 'UTC')`);
  return `greatest(${start(`${time} + toIntervalSecond(${shift / 1000})`)}, ${first})`;
}

function plainSql(side: string, query: TrafficQuery): string {
  const columns = [...groupNames(query), ...query.metrics.map((metric) => `m_${metric}`)];
  return `SELECT ${columns.length > 0 ? columns.join(', ') : '1'}\nFROM (${side})\n${orderSql(query)}\nLIMIT ${limitOf(query)}`;
}

/** Groups of either window; where one has no such group its counts are 0 and its other figures unknown. */
function comparedSql(present: string, before: string, query: TrafficQuery): string {
  const groups = groupNames(query);
  const on = ['one', ...groups].map((column) => `a.${column} = b.${column}`).join(' AND ');
  const figure = (side: 'a' | 'b', metric: Metric) =>
    COUNTED.includes(metric) ? `if(${side}.one = 1, ${side}.m_${metric}, 0)` : `${side}.m_${metric}`;
  const metrics = metricsOf(query).flatMap((metric) => [
    `${figure('a', metric)} AS m_${metric}`,
    `${figure('b', metric)} AS m_${metric}_before`,
  ]);
  const columns = [...groups.map((group) => `if(a.one = 1, a.${group}, b.${group}) AS ${group}`), ...metrics];
  return `SELECT ${columns.length > 0 ? columns.join(', ') : '1'}
FROM (${present}) AS a FULL JOIN (${before}) AS b ON ${on}
${orderSql(query)}\nLIMIT ${limitOf(query)}`;
}

function orderSql(query: TrafficQuery): string {
  const groups = groupNames(query);
  const keys = groups.filter((_, index) => isTimeStep(query.by[index] as string));
  const metric = query.order ?? (query.metrics.includes('requests') ? 'requests' : query.metrics[0]);
  if (metric !== undefined) {
    keys.push(`m_${metric} DESC NULLS LAST`);
    if (isCompared(query)) keys.push(`m_${metric}_before DESC NULLS LAST`);
  }
  keys.push(...groups);
  return keys.length === 0 ? '' : `ORDER BY ${[...new Set(keys)].join(', ')}`;
}

function isCompared({ compare = null }: TrafficQuery): boolean {
  return compare !== null;
}

function limitOf(query: TrafficQuery): number {
  return Math.max(1, Math.min(MAX_ROWS, Math.trunc(query.limit) || 1));
}

/** Raw result rows as the answer gives them: times in RFC 3339, flags as booleans, unknown numbers null. */
export function toTrafficRows(rows: readonly Record<string, unknown>[], query: TrafficQuery): TrafficRow[] {
  const metrics = query.metrics.flatMap((metric) =>
    !isCompared(query) ? [metric] : [metric, `${metric}_before` as const],
  );
  return rows.map((row) => {
    const answer: TrafficRow = {};
    for (const [index, by] of query.by.entries()) answer[by] = groupValue(by, row[`g${index}`]);
    for (const metric of metrics) answer[metric] = numberOrNull(row[`m_${metric}`]);
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
