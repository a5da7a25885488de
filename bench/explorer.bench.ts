// Asks a hub over HTTP what the Overview and the explore screen ask, of 10 million requests unless `--rows N`, all of one
// tenant, over 30 days: totals, figures by time, every breakdown, bare and with one filter. Prints p50, p95 and the longest
// of each kind of question, the hub's CPU for one, disk, and how far sampled figures are off exact ones. Up to a million
// requests are generated and stored as live ones are; more are copies of these under other ids and from other visitors
// (store-growth.ts). `--repeat N` asks everything N times (3), `--data DIR` uses the data of an earlier run and leaves it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectToHub } from '../packages/server/src/cli/hub-client.ts';
import { FIELDS } from '../packages/server/src/model/field.ts';
import type { TrafficAnswer } from '../packages/server/src/model/traffic-query.ts';
import { openClickHouse } from '../packages/server/src/stores/drivers/clickhouse/client.ts';
import { openRequests } from '../packages/server/src/stores/requests.ts';
import { encodeRows } from '../packages/server/src/stores/requests-encoding.ts';
import { type ServedHub, serveHub, stopHub } from './hub.ts';
import { growStore, mergesSettled } from './store-growth.ts';
import { generateTraffic } from './store-traffic.ts';
import { cpuSeconds, figure } from './timed.ts';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    repeat: { type: 'string', default: '3' },
    data: { type: 'string' },
  },
});
const DAY_MS = 86_400_000;
const DAYS = 30;
const GENERATED = 1_000_000;
const BATCH = 50_000;
const BOUNDS_MS = { millions: 300, more: 1000 };
const SPLIT = 'requests,people,bots,hosting';
const DEAR = `${SPLIT},uniques,error_rate,p50,p95,p99`;
const rows = Number(args.rows);
const firstDay = Math.floor(Date.now() / DAY_MS) - DAYS;
const bound = rows > 10_000_000 ? BOUNDS_MS.more : BOUNDS_MS.millions;

type Question = Record<string, string>;
interface Taken {
  kind: string;
  ms: number;
  cpuMs: number;
  sampled: boolean;
}

const data = args.data ?? (await mkdtemp(join(tmpdir(), 'vedette-bench-')));
try {
  const { tenant, token } = await prepare();
  await fill(tenant);
  const hub = await serveHub(data, { VEDETTE_RATE_LIMIT: '10000000' });
  try {
    await measure(hub, token);
  } finally {
    await stopHub(hub);
  }
} finally {
  if (args.data === undefined) await rm(data, { recursive: true, force: true });
}

/** A key of the hub's first tenant. */
async function prepare(): Promise<{ tenant: string; token: string }> {
  const hub = await serveHub(data);
  try {
    const socket = await connectToHub(data);
    const [tenant] = await socket.list<{ id: string; slug: string }>(
      { method: 'GET', path: '/api/v1/tenants' },
      'tenants',
    );
    if (tenant === undefined) throw new Error('the hub has no tenant');
    const key = {
      method: 'POST',
      path: '/api/v1/keys',
      query: { tenant: tenant.slug },
      json: { scope: 'read' },
    } as const;
    const { token } = await socket.call<{ token: string }>(key);
    return { tenant: tenant.id, token };
  } finally {
    await stopHub(hub);
  }
}

async function fill(tenant: string): Promise<void> {
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  const store = await openRequests({ clickhouse });
  if ((await store.forTenant(tenant).count()) === 0) {
    const generated = Math.min(rows, GENERATED);
    let batches = 0;
    for (const day of generateTraffic({
      rows: generated,
      days: DAYS,
      firstDay,
      tenants: [tenant],
      domainsPerTenant: 200,
      seed: 20_260_105,
    })) {
      for (let at = 0; at < day.length; at += BATCH) {
        batches += 1;
        const batch = day.slice(at, at + BATCH);
        await store.insert({ token: `bench-${batches}`, count: batch.length, bytes: encodeRows(batch) });
      }
    }
    for (let left = Math.round(rows / generated); left > 1; left /= 10) await growStore(clickhouse, Math.min(left, 10));
    await mergesSettled(clickhouse);
  }
  const [disk] = await clickhouse.query<{ bytes: number; stored: number }>(
    `SELECT sum(bytes_on_disk) AS bytes, sumIf(p.rows, table = 'requests') AS stored FROM system.parts AS p
     WHERE active AND database = currentDatabase()`,
  );
  figure('explorer.rows', disk?.stored ?? 0, 'rows kept');
  figure('explorer.disk', (disk?.bytes ?? 0) / (disk?.stored ?? 1), 'bytes/row kept');
  await clickhouse.close();
}

async function measure(hub: ServedHub, token: string): Promise<void> {
  const window = {
    from: new Date(firstDay * DAY_MS).toISOString(),
    to: new Date((firstDay + DAYS) * DAY_MS).toISOString(),
  };
  const ask = async (question: Question): Promise<TrafficAnswer> => {
    const address = `${hub.url}/api/v1/traffic?${new URLSearchParams({ ...window, ...question })}`;
    const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${address}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as TrafficAnswer;
  };
  const taken: Taken[] = [];
  const questions = await questionsOf(ask);
  for (let round = 0; round < Number(args.repeat); round += 1) {
    for (const [kind, question] of questions) {
      const [started, cpu] = [performance.now(), cpuSeconds(hub.child.pid as number)];
      const { sampling } = await ask(question);
      const ms = performance.now() - started;
      taken.push({ kind, ms, cpuMs: (cpuSeconds(hub.child.pid as number) - cpu) * 1000, sampled: sampling < 1 });
    }
  }
  for (const kind of new Set(taken.map((one) => one.kind)))
    tell(
      kind,
      taken.filter((one) => one.kind === kind),
    );
  tell('all', taken);
  await measureError(ask);
}

function tell(kind: string, taken: readonly Taken[]): void {
  const at = (of: 'ms' | 'cpuMs', level: number) => {
    const sorted = taken.map((one) => one[of]).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))] ?? Number.NaN;
  };
  const name = `explorer.${kind.replaceAll(' ', '_')}`;
  figure(`${name}.p50`, at('ms', 0.5), 'ms');
  figure(`${name}.p95`, at('ms', 0.95), 'ms', { name: 'bound', value: bound });
  figure(`${name}.max`, at('ms', 1), 'ms');
  figure(`${name}.cpu_p50`, at('cpuMs', 0.5), 'ms of CPU');
  figure(`${name}.cpu_p95`, at('cpuMs', 0.95), 'ms of CPU');
  figure(`${name}.sampled`, taken.filter(({ sampled }) => sampled).length / taken.length, 'of questions');
}

/** Bare and with a filter on each field: on its most frequent value, and on one that is rare. */
async function questionsOf(ask: (question: Question) => Promise<TrafficAnswer>): Promise<[string, Question][]> {
  const questions: [string, Question][] = [
    ['overview totals', { metrics: `${DEAR},bytes_out` }],
    ['overview by time', { metrics: 'requests', by: 'day,class', limit: '10000' }],
    ['overview by time', { metrics: SPLIT, by: 'hour', limit: '10000' }],
    [
      'compared totals',
      { metrics: DEAR, compare: 'previous', from: new Date((firstDay + DAYS / 2) * DAY_MS).toISOString() },
    ],
  ];
  for (const { name } of FIELDS) {
    questions.push(['breakdown', { metrics: SPLIT, by: name, limit: '10' }]);
    const { rows: values } = await ask({ metrics: 'requests', by: name, limit: '2000' });
    const [often, seldom] = [values[0]?.[name], values.at(-1)?.[name]].map((value) => filterOf(name, value));
    for (const [kind, where] of [
      ['filtered', often],
      ['filtered seldom', seldom],
    ] as const) {
      if (where === undefined) continue;
      questions.push([`${kind} totals`, { metrics: DEAR, where }]);
      questions.push([`${kind} by time`, { metrics: 'requests', by: 'day,class', where, limit: '10000' }]);
      questions.push([
        `${kind} breakdown`,
        { metrics: SPLIT, by: name === 'path' ? 'network' : 'path', where, limit: '10' },
      ]);
      questions.push([
        `${kind} dear breakdown`,
        { metrics: DEAR, by: name === 'network' ? 'path' : 'network', where, limit: '10' },
      ]);
    }
  }
  return questions;
}

/** Undefined for an unknown number, which no filter finds. */
function filterOf(field: string, value: string | number | boolean | null | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? `${field}="${value.replaceAll('"', '""')}"` : `${field}=${value}`;
}

/** How far the ten largest groups are off, relatively, beside all rows. */
async function measureError(ask: (question: Question) => Promise<TrafficAnswer>): Promise<void> {
  for (const metric of ['requests', 'uniques', 'p95']) {
    const errors: number[] = [];
    for (const by of ['path', 'network', 'city', 'browser', 'status']) {
      const question = { metrics: metric === 'requests' ? metric : `requests,${metric}`, by, order: 'requests' };
      const exact = await ask({ ...question, limit: '10', sampling: 'none' });
      const sampled = await ask({ ...question, limit: '1000' });
      const known = new Map(sampled.rows.map((row) => [row[by], Number(row[metric] ?? 0)]));
      if (sampled.sampling === 1) continue;
      for (const row of exact.rows) {
        const value = Number(row[metric]);
        if (value > 0) errors.push(Math.abs((known.get(row[by] as string) ?? 0) - value) / value);
      }
    }
    errors.sort((a, b) => a - b);
    if (errors.length === 0) continue;
    figure(`explorer.error.${metric}.p50`, (errors[Math.floor(errors.length / 2)] as number) * 100, '%');
    figure(`explorer.error.${metric}.max`, (errors.at(-1) as number) * 100, '%');
  }
}
