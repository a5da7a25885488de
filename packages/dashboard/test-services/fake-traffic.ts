import type { RequestRow, RequestRows, TrafficAnswer, TrafficRow } from '@vedette/contract';
import { ProblemError } from '../../server/src/expose/problem.ts';
import { readTrafficQuestion, type TrafficParameters } from '../../server/src/expose/traffic-question.ts';
import { matcher } from '../../server/src/model/filter.ts';
import { COUNTED, type Metric, type TrafficQuery } from '../../server/src/model/traffic-query.ts';
import type { FakeAnswer } from './fake-tenant.ts';

/** One request by the names of the fields it is asked for, beside its time (ms) and client. */
export type FakeRequest = Record<string, string | number> & { time: number; client: string };

const STEPS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Refuses what the hub refuses, in its words. */
export function answerTraffic(rows: readonly FakeRequest[], parameters: URLSearchParams): FakeAnswer {
  return answered(parameters, (question) => traffic(rows, question));
}

/** Single requests, the latest first; a cursor is the number of those before. */
export function answerRequests(rows: readonly FakeRequest[], parameters: URLSearchParams): FakeAnswer {
  return answered(parameters, (question): RequestRows => {
    const found = matching(rows, question).sort((a, b) => b.time - a.time);
    const from = Number(parameters.get('cursor') ?? 0);
    const to = from + question.limit;
    return { requests: found.slice(from, to).map(toRow), next: found.length > to ? String(to) : null };
  });
}

/** The one of an id; refused as by the hub where there is none. */
export function answerRequest(rows: readonly FakeRequest[], id: string): FakeAnswer {
  const found = rows.map(toRow).find((row) => row.id === id);
  if (found !== undefined) return { status: 200, body: found };
  return {
    status: 404,
    body: new ProblemError(404, 'unknown-request', `there is no row of a request "${id}"`).problem,
  };
}

function answered(parameters: URLSearchParams, answer: (question: TrafficQuery) => object): FakeAnswer {
  const one = (name: string) => parameters.get(name) ?? undefined;
  const given = {
    from: one('from'),
    to: one('to'),
    order: one('order'),
    compare: one('compare'),
    sampling: one('sampling'),
    limit: parameters.has('limit') ? Number(parameters.get('limit')) : undefined,
    where: parameters.getAll('where'),
    metrics: parameters.getAll('metrics'),
    by: parameters.getAll('by'),
  };
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  try {
    return { status: 200, body: answer(readTrafficQuestion(told as TrafficParameters, Date.now())) };
  } catch (error) {
    if (error instanceof ProblemError) return { status: 400, body: error.problem };
    throw error;
  }
}

/** The requests of a window that all filters let through. */
export function matching(
  rows: readonly FakeRequest[],
  { where, from, to }: Pick<TrafficQuery, 'where' | 'from' | 'to'>,
): FakeRequest[] {
  const tests = where.map((filter) => {
    const matches = matcher(filter);
    return (row: FakeRequest) => matches(row[filter.field] ?? '');
  });
  return rows.filter((row) => row.time >= from && row.time < to && tests.every((test) => test(row)));
}

function traffic(rows: readonly FakeRequest[], question: TrafficQuery): TrafficAnswer {
  const { from, to, by, metrics, compare, limit, order = 'requests' } = question;
  const now = grouped(matching(rows, question), question, 0);
  const before = compare ? grouped(matching(rows, { ...question, ...compare }), question, compare.from - from) : null;
  const keys = new Set([...now.keys(), ...(before?.keys() ?? [])]);
  if (by.length === 0) keys.add('[]');
  const rowsOf = [...keys].map((key) => {
    const told = JSON.parse(key) as (string | number)[];
    const row: TrafficRow = {};
    for (const [index, name] of by.entries()) {
      const value = told[index] ?? '';
      row[name] = name in STEPS ? new Date(from + Number(value)).toISOString() : value;
    }
    const of = (group: FakeRequest[] | undefined, metric: Metric) => {
      if (group === undefined && !COUNTED.includes(metric)) return null;
      return figures(group ?? [])[metric] ?? null;
    };
    for (const metric of metrics) {
      row[metric] = of(now.get(key), metric);
      if (before !== null) row[`${metric}_before`] = of(before.get(key), metric);
    }
    return { row, size: figures(now.get(key) ?? [])[order] ?? 0 };
  });
  if (!by.some((name) => name in STEPS)) rowsOf.sort((a, b) => b.size - a.size);
  const window = (a: number, b: number) => ({ from: new Date(a).toISOString(), to: new Date(b).toISOString() });
  const kept = question.where.length > 1;
  return {
    window: window(from, to),
    compared: compare ? window(compare.from, compare.to) : null,
    rows: rowsOf.slice(0, limit).map(({ row }) => row),
    source: kept ? 'rows' : 'roll-up',
    sampling: 1,
    coverage: kept ? { requests: rows.length, kept: rows.length } : null,
  };
}

/** Groups by their values as JSON; times by how far they are from the start of the window, which lies `shift` ms off. */
function grouped(rows: readonly FakeRequest[], { by, from }: TrafficQuery, shift: number): Map<string, FakeRequest[]> {
  const groups = new Map<string, FakeRequest[]>();
  for (const row of rows) {
    const key = JSON.stringify(
      by.map((name) => {
        const step = STEPS[name];
        return step === undefined ? (row[name] ?? '') : Math.floor((row.time - shift) / step) * step - from;
      }),
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function figures(group: readonly FakeRequest[]): Partial<Record<Metric, number | null>> {
  const of = (name: string) => group.filter((row) => row.class === name).length;
  const durations = group
    .map(({ duration_ms }) => Number(duration_ms))
    .filter((duration) => duration >= 0)
    .sort((a, b) => a - b);
  const errors = group.filter(({ status }) => Number(status) >= 500).length;
  const quantile = (share: number) => durations[Math.floor(durations.length * share)] ?? null;
  return {
    requests: group.length,
    people: of('people'),
    bots: of('bots'),
    hosting: of('hosting'),
    uniques: new Set(group.map(({ client }) => client)).size,
    errors,
    error_rate: group.length === 0 ? null : errors / group.length,
    bytes_out: group.reduce((sum, row) => sum + Number(row.bytes_out), 0),
    timed: durations.length,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}

/** A request as the API tells of a single one. */
export function toRow(row: FakeRequest): RequestRow {
  const text = (name: string) => String(row[name] ?? '');
  const number = (name: string) => (row[name] === undefined ? null : Number(row[name]));
  const time = new Date(row.time).toISOString();
  return {
    id: `01900000-0000-7000-8000-${row.time.toString(16).padStart(12, '0').slice(-12)}`,
    time,
    received: time,
    domain: text('domain'),
    method: text('method'),
    path: text('path'),
    route: '',
    query: '',
    status: number('status'),
    duration_ms: number('duration_ms'),
    bytes_in: null,
    bytes_out: number('bytes_out'),
    protocol: '1.1',
    headers: { accept: 'text/html' },
    user_agent: row.bot === 'true' ? `${text('bot_name')}/1.0` : 'Mozilla/5.0 (sample)',
    referrer: text('referrer'),
    consent: 'unknown',
    visitor_id: '',
    client_key: '10534771893377812811',
    net_key: '3311902187733718044',
    country: text('country'),
    region: text('region'),
    city: text('city'),
    asn: number('asn'),
    network: text('network'),
    network_kind: text('network_kind'),
    device: text('device'),
    os: text('os'),
    browser: text('browser'),
    bot: row.bot === 'true',
    bot_name: text('bot_name'),
    bot_kind: text('bot_kind'),
    bot_verified: false,
    threat_score: null,
    threat_sources: [],
    attack_score: null,
    attack_rules: [],
    origin: text('origin'),
  };
}
