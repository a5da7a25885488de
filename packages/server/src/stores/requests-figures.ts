import type { Metric, TrafficQuery } from '../model/traffic-query.ts';
import type { TableKind } from './requests-fields.ts';
import { SKETCH, sketchCount } from './requests-sketch.ts';

/** Figures that are read together: counts, durations and uniques each have tables that have them. */
export type FigureKind = 'counts' | 'durations' | 'uniques';

// The roll-up views use the same expressions: counts of rows and of roll-ups agree exactly.
const VISITOR = "if(visitor_id = '', client_key, sipHash64(visitor_id))";
const HAS_VISITOR = "visitor_id != '' OR client_key != 0";

/** What every branch of a union brings along: counts to be summed or states to be merged. */
const PARTIALS: Record<string, { rows: string; buckets: string }> = {
  n: { rows: 'count()', buckets: 'sum(requests)' },
  n_people: {
    rows: "countIf(is_bot = 0 AND network_kind != 'hosting')",
    buckets: "sumIf(requests, class = 'people')",
  },
  n_bots: { rows: 'countIf(is_bot = 1)', buckets: "sumIf(requests, class = 'bots')" },
  n_hosting: {
    rows: "countIf(is_bot = 0 AND network_kind = 'hosting')",
    buckets: "sumIf(requests, class = 'hosting')",
  },
  n_errors: { rows: 'countIf(intDiv(status, 100) = 5)', buckets: 'sumIf(requests, status_class = 5)' },
  n_kept: { rows: 'count()', buckets: 'sumIf(requests, kept = 1)' },
  b_in: { rows: 'toUInt64(sumIf(t.bytes_in, t.bytes_in >= 0))', buckets: 'sum(bytes_in)' },
  b_out: { rows: 'toUInt64(sumIf(t.bytes_out, t.bytes_out >= 0))', buckets: 'sum(bytes_out)' },
  known: { rows: 'groupBitOr((t.bytes_in >= 0) + 2 * (t.bytes_out >= 0))', buckets: 'groupBitOr(sizes_known)' },
  visitors_state: { rows: `uniqStateIf(${VISITOR}, ${HAS_VISITOR})`, buckets: 'uniqMergeState(visitors)' },
  durations_state: {
    rows: `quantilesDDStateIf${SKETCH}(duration_us, duration_us >= 0)`,
    buckets: `quantilesDDMergeState${SKETCH}(durations)`,
  },
};

interface Figure {
  kind: FigureKind;
  /** Columns that `sql` is made of. */
  before?: string;
  /** From the partials, for one of the branches together. */
  sql: string;
  needs: readonly string[];
  /** Grows with the number of rows looked at, so that a sample's has to be scaled. */
  scales: boolean;
}

const counted = (partial: string): Figure => ({
  kind: 'counts',
  sql: `sum(${partial})`,
  needs: [partial],
  scales: true,
});
const sized = (bit: number, partial: string): Figure => ({
  kind: 'counts',
  sql: `if(bitAnd(groupBitOr(known), ${bit}) = 0, NULL, sum(${partial}))`,
  needs: ['known', partial],
  scales: true,
});
const LEVELS = `quantilesDDMerge${SKETCH}(durations_state)`;
const level = (index: number): Figure => ({
  kind: 'durations',
  sql: `if(empty(${LEVELS}), NULL, ${LEVELS}[${index}] / 1000)`,
  needs: ['durations_state'],
  scales: false,
});

const FIGURES: Record<Metric, Figure> = {
  requests: counted('n'),
  people: counted('n_people'),
  bots: counted('n_bots'),
  hosting: counted('n_hosting'),
  errors: counted('n_errors'),
  kept: counted('n_kept'),
  error_rate: {
    kind: 'counts',
    sql: 'if(sum(n) = 0, NULL, sum(n_errors) / sum(n))',
    needs: ['n', 'n_errors'],
    scales: false,
  },
  bytes_in: sized(1, 'b_in'),
  bytes_out: sized(2, 'b_out'),
  uniques: { kind: 'uniques', sql: 'uniqMerge(visitors_state)', needs: ['visitors_state'], scales: true },
  timed: {
    kind: 'durations',
    before: sketchCount(`quantilesDDMergeState${SKETCH}(durations_state)`),
    sql: 'timed',
    needs: ['durations_state'],
    scales: true,
  },
  p50: level(1),
  p75: level(2),
  p90: level(3),
  p95: level(4),
  p99: level(5),
};

/** The metrics of a query with the one that it is sorted by: what is not asked for is not read. */
export function metricsOf(query: TrafficQuery): Metric[] {
  return [...new Set(query.order === undefined ? query.metrics : [...query.metrics, query.order])];
}

export function kindOf(metric: Metric): FigureKind {
  return FIGURES[metric].kind;
}

/** What a branch selects so that `figuresSql` can be made of it. */
export function partialsSql(metrics: readonly Metric[], table: TableKind): string[] {
  const needed = new Set(metrics.flatMap((metric) => FIGURES[metric].needs));
  const from = table === 'rows' ? 'rows' : 'buckets';
  return Object.entries(PARTIALS)
    .filter(([name]) => needed.has(name))
    .map(([name, sql]) => `${sql[from]} AS ${name}`);
}

/** Each metric as `m_<metric>` over the partials of all branches; `scale` is 1 over the share of rows looked at. */
export function figuresSql(metrics: readonly Metric[], scale: number): string[] {
  return metrics.map((metric) => {
    const { before, sql, scales } = FIGURES[metric];
    return `${before === undefined ? '' : `${before}, `}${scales && scale !== 1 ? `${sql} * ${scale}` : sql} AS m_${metric}`;
  });
}
