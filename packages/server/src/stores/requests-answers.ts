import type { TimeWindow, TrafficAnswer, TrafficQuery } from '../model/traffic-query.ts';
import { type Binder, fieldSql } from './requests-fields.ts';
import type { SpanLimits } from './requests-spans.ts';
import { planMatches, planTraffic, type SampleShares, toTrafficRows } from './requests-traffic.ts';

/** When the sample answers instead of the rows. */
export interface Sampling {
  /** Kept rows that a question may have to read before it is answered from the sample. */
  beyond: number;
  /** Rows of the sample that the filters have to match for its figures to be fair; with fewer all rows are read. */
  fair: number;
  /** The same where there are so many kept rows that to read all of them takes too long. */
  many: { beyond: number; fair: number };
  /** As the view of the sample draws them. */
  shares: SampleShares;
}

/**
 * With 2000 rows that match, a total is off by 2.2 % as its standard deviation. Filters that match fewer are answered
 * by reading all rows, which costs less the less they match. Beyond 30 million rows that takes seconds: 200 have to do then,
 * with 7 %.
 */
export const DEFAULT_SAMPLING: Sampling = Object.freeze({
  beyond: 1_000_000,
  fair: 2000,
  many: Object.freeze({ beyond: 30_000_000, fair: 200 }),
  shares: Object.freeze({ request: 1 / 32, visitor: 1 / 64 }),
});

/** What questions about one tenant's traffic are answered with. */
export interface Asked {
  tenantId: string;
  limits: Omit<SpanLimits, 'coarsest'>;
  /** ms since the epoch. */
  now: number;
  sampling: Sampling;
  known: KnownCounts;
  run<Row>(sql: string, binder: Binder): Promise<Row[]>;
}

/** Answers a traffic query: from roll-ups where they have its fields, else from rows or from the sample of them. */
export async function answerTraffic(query: TrafficQuery, asked: Asked): Promise<TrafficAnswer> {
  const compared = query.compare ?? null;
  const all = planTraffic(query, asked.tenantId, { ...asked.limits, coarsest: 'day' }, asked.now);
  const coverage = all.source === 'rows' ? await coverageOf(query, [], asked) : null;
  const sample = coverage !== null && (await isForSample(query, coverage.kept, asked)) ? asked.sampling.shares : null;
  const plan =
    sample === null ? all : planTraffic(query, asked.tenantId, { ...asked.limits, coarsest: 'day' }, asked.now, sample);
  const rows = await asked.run<Record<string, unknown>>(plan.sql, plan.binder);
  return {
    window: written(query),
    compared: compared === null ? null : written(compared),
    rows: toTrafficRows(rows, query),
    source: plan.source,
    sampling: sample === null ? 1 : Math.min(...sharesOf(query, sample)),
    coverage,
  };
}

/** The shares that the figures of a query are made of. */
function sharesOf({ metrics }: TrafficQuery, { request, visitor }: SampleShares): number[] {
  const shares = metrics.includes('uniques') ? [visitor] : [];
  return metrics.every((metric) => metric === 'uniques') && shares.length > 0 ? shares : [...shares, request];
}

/** Whether the rows are too many to be read, and those of the sample enough to tell. */
async function isForSample(query: TrafficQuery, kept: number, asked: Asked): Promise<boolean> {
  const { beyond, shares, many } = asked.sampling;
  if (query.sampling !== 'auto') return false;
  const compared = query.compare ?? null;
  const windows = compared === null ? [query] : [query, compared];
  const others = compared === null ? 0 : (await coverageOf(compared, [], asked)).kept;
  if (kept + others <= beyond) return false;
  const fair = kept + others > many.beyond ? many.fair : asked.sampling.fair;
  const keptOf = async (where: TrafficQuery['where']) => {
    const counts = await Promise.all(windows.map((window) => coverageOf(window, where, asked)));
    return counts.reduce((sum, count) => sum + count.kept, 0);
  };
  // Rows are sorted by domain: those of other domains are not read.
  const domains = query.where.filter(({ field, negated }) => field === 'domain' && !negated);
  if (domains.length > 0 && (await keptOf(domains)) <= beyond) return false;
  if (query.where.length === 0) return (kept + others) * shares.request >= fair;
  // Where roll-ups know how many rows match, the sample need not be asked how many it has of them.
  const rolledUp = query.where.every(({ field }) => fieldSql('counts', field) !== undefined);
  if (rolledUp) return (await keptOf(query.where)) * shares.request >= fair;
  return (await matchesOf(query, asked)) >= fair;
}

interface Coverage {
  requests: number;
  kept: number;
}

/** How long counts of a large window are held to be known, ms: a screen asks many questions about the same one. */
const KNOWN_MS = 10_000;
const MOST_KNOWN = 1000;

/** What was counted a moment ago, of windows so large that it cannot have changed by much. */
export type KnownCounts = Map<string, { at: number; count: Promise<Coverage> }>;

/** Counts of a window, from the roll-ups. */
function coverageOf({ from, to }: TimeWindow, where: TrafficQuery['where'], asked: Asked): Promise<Coverage> {
  return countOnce(['coverage', from, to, ...where.map(({ text }) => text)], asked, async () => {
    const query: TrafficQuery = { from, to, metrics: ['requests', 'kept'], by: [], where, limit: 1 };
    const plan = planTraffic(query, asked.tenantId, { ...asked.limits, coarsest: 'day' }, asked.now);
    const [row] = toTrafficRows(await asked.run<Record<string, unknown>>(plan.sql, plan.binder), query);
    return { requests: Number(row?.['requests']), kept: Number(row?.['kept']) };
  });
}

/** How many rows of the sample match. It is asked of large windows alone. */
async function matchesOf(query: TrafficQuery, asked: Asked): Promise<number> {
  const { from, to, where } = query;
  const compared = query.compare ?? null;
  const key = ['matches', from, to, compared?.from, compared?.to, ...where.map(({ text }) => text)];
  const { kept } = await countOnce(
    key,
    asked,
    async () => {
      const { sql, binder } = planMatches(query, asked.tenantId);
      const [row] = await asked.run<{ n: number }>(sql, binder);
      return { requests: row?.n ?? 0, kept: row?.n ?? 0 };
    },
    -1,
  );
  return kept;
}

/**
 * Counts, unless it was counted a moment ago. What is remembered has more than so many kept rows; of what has fewer no
 * more than those who ask at the same moment share a count.
 */
async function countOnce(
  key: readonly unknown[],
  { known, now, tenantId, sampling }: Asked,
  count: () => Promise<Coverage>,
  beyond = sampling.beyond,
): Promise<Coverage> {
  const name = [tenantId, ...key].join('\n');
  const before = known.get(name);
  // A clock that was set back makes nothing known for longer.
  if (before !== undefined && Math.abs(now - before.at) < KNOWN_MS) return before.count;
  const counted = count();
  // What is asked for now is asked for again in a moment; what is older is not worth keeping apart.
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, { at: now, count: counted });
  const forget = () => {
    if (known.get(name)?.count === counted) known.delete(name);
  };
  counted.then(({ kept }) => kept > beyond || forget(), forget);
  return counted;
}

function written({ from, to }: TimeWindow): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
