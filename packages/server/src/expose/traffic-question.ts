import type { Problem } from '@vedette/contract';
import { Type } from 'typebox';
import { FIELDS, type FieldName, findField } from '../model/field.ts';
import { type Filter, parseFilter } from '../model/filter.ts';
import { isRefusal } from '../model/request.ts';
import {
  METRICS,
  type Metric,
  TIME_STEPS,
  type TimeStep,
  type TimeWindow,
  type TrafficQuery,
} from '../model/traffic-query.ts';
import { ProblemError } from './problem.ts';
import { parseTime } from './time-range.ts';

const TIME = 'RFC 3339, ms since the epoch, now, or a time from now such as -24h';
export const words = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 2100 }), { description }));

/** The parameters that say which requests are meant. */
export const TRAFFIC_FILTERS = {
  from: Type.Optional(Type.String({ description: `Inclusive, by default a day before to. ${TIME}.` })),
  to: Type.Optional(Type.String({ description: `Exclusive, by default now. ${TIME}.` })),
  where: words('A filter, repeated for more, of which all must match: country=DE, status=5xx, path=/api/*, bot:false.'),
};

const DEFAULT_METRICS: readonly Metric[] = ['requests', 'people', 'bots', 'hosting'];
const DEFAULT_LIMIT = 100;
export const MOST_ROWS = 50_000;
const MOST_FILTERS = 50;
const MOST_GROUPINGS = 4;

type ParameterError = NonNullable<Problem['errors']>[number];

/** The parameters of GET /api/v1/traffic as they arrive. */
export interface TrafficParameters {
  from?: string;
  to?: string;
  metrics?: string[];
  by?: string[];
  where?: string[];
  limit?: number;
  order?: string;
  compare?: string;
  sampling?: 'auto' | 'none';
}

/** The question they ask. Throws a ProblemError 400 that names every parameter that is wrong. */
export function readTrafficQuestion(given: TrafficParameters, now: number): TrafficQuery {
  const errors: ParameterError[] = [];
  const timeOf = (name: 'from' | 'to', standard: string): number => {
    const time = parseTime(given[name] ?? standard, now, name);
    if (typeof time === 'number') return time;
    errors.push({ name, reason: time.detail });
    return Number.NaN;
  };
  // By default the last day, up to and with this very moment.
  const to = timeOf('to', String(now + 1));
  const from = given.from === undefined && given.to !== undefined ? to - 86_400_000 : timeOf('from', '-24h');
  if (from >= to) errors.push({ name: 'from', reason: 'must be before to' });

  const metrics = pick(
    given.metrics,
    (name) => METRICS.find((metric) => metric === name.toLowerCase()),
    (name) => errors.push({ name: 'metrics', reason: `"${name}" is no metric; there are ${METRICS.join(', ')}` }),
  );
  const by = pick(given.by, groupingOf, (name) =>
    errors.push({
      name: 'by',
      reason: `"${name}" is no field; there are ${[...TIME_STEPS, ...FIELDS.map((field) => field.name)].join(', ')}`,
    }),
  );
  if (by.length > MOST_GROUPINGS) errors.push({ name: 'by', reason: `takes up to ${MOST_GROUPINGS} fields` });
  const where = readFilters(given.where ?? [], errors);
  const order = given.order === undefined ? undefined : METRICS.find((metric) => metric === given.order);
  if (given.order !== undefined && order === undefined) {
    errors.push({ name: 'order', reason: `"${given.order}" is no metric; there are ${METRICS.join(', ')}` });
  }
  const compare = given.compare === undefined ? null : readCompared(given.compare, { from, to }, now, errors);
  if (errors.length > 0) {
    throw new ProblemError(400, 'invalid', errors.map(({ name, reason }) => `${name}: ${reason}`).join('; '), {
      errors,
    });
  }
  return {
    from,
    to,
    metrics: metrics.length === 0 ? DEFAULT_METRICS : metrics,
    by,
    where,
    limit: given.limit ?? DEFAULT_LIMIT,
    compare,
    sampling: given.sampling ?? 'auto',
    ...(order === undefined ? {} : { order }),
  };
}

function groupingOf(name: string): FieldName | TimeStep | undefined {
  return TIME_STEPS.find((step) => step === name.toLowerCase()) ?? findField(name)?.name;
}

/** The window that `previous` or `FROM..TO` names; null and an error when it names none. */
function readCompared(text: string, window: TimeWindow, now: number, errors: ParameterError[]): TimeWindow | null {
  if (text.trim().toLowerCase() === 'previous') return { from: 2 * window.from - window.to, to: window.from };
  const [first = '', second, more] = text.split('..');
  if (second === undefined || more !== undefined) {
    errors.push({
      name: 'compare',
      reason: `is "${text.slice(0, 60)}"; write previous, or FROM..TO such as -48h..-24h`,
    });
    return null;
  }
  const [from, to] = [parseTime(first, now, 'from'), parseTime(second, now, 'to')];
  for (const time of [from, to]) if (typeof time !== 'number') errors.push({ name: 'compare', reason: time.detail });
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  if (from >= to) errors.push({ name: 'compare', reason: 'its first time must be before its second' });
  return { from, to };
}

/** The known ones of names that may come repeated and by comma, each once. */
function pick<T>(
  given: string[] | undefined,
  find: (name: string) => T | undefined,
  unknown: (name: string) => void,
): T[] {
  const found = new Set<T>();
  for (const name of (given ?? []).flatMap((item) => item.split(','))) {
    if (name.trim() === '') continue;
    const value = find(name.trim());
    if (value === undefined) unknown(name.trim().slice(0, 60));
    else found.add(value);
  }
  return [...found];
}

function readFilters(texts: readonly string[], errors: ParameterError[]): Filter[] {
  if (texts.length > MOST_FILTERS) errors.push({ name: 'where', reason: `takes up to ${MOST_FILTERS} filters` });
  const filters: Filter[] = [];
  for (const [index, text] of texts.slice(0, MOST_FILTERS).entries()) {
    const filter = parseFilter(text);
    if (isRefusal(filter)) errors.push({ name: 'where', index, reason: filter.detail });
    else filters.push(filter);
  }
  return filters;
}
