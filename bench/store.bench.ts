// Stores generated traffic (10 million requests unless `--rows N`) in the embedded ClickHouse and measures: rows
// inserted a second by size of batch, bytes on disk a request with all roll-ups, how long one-filter breakdowns over
// all fields take, and how far percentiles are off. All rows belong to one tenant, which is the worst case for
// breakdowns. See store-traffic.ts for what the traffic looks like. `--days N` spreads it (30), `--keep DIR` leaves
// the data there.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FIELDS, type FieldName } from '../packages/server/src/model/field.ts';
import type { Filter } from '../packages/server/src/model/filter.ts';
import type { StoredRequest } from '../packages/server/src/model/stored-request.ts';
import type { Metric, TrafficQuery } from '../packages/server/src/model/traffic-query.ts';
import { openClickHouse } from '../packages/server/src/stores/drivers/clickhouse/client.ts';
import { openRequests } from '../packages/server/src/stores/requests.ts';
import { encodeRows } from '../packages/server/src/stores/requests-encoding.ts';
import { generateTraffic, type TrafficPlan } from './store-traffic.ts';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    days: { type: 'string', default: '30' },
    keep: { type: 'string' },
  },
});
const DAY_MS = 86_400_000;
const BATCH = 50_000;
const TENANT = '01950000-0000-7000-8000-00000000000a';
const OTHER_TENANT = '01950000-0000-7000-8000-00000000000b';
const BREAKDOWNS: FieldName[] = ['path', 'network', 'user_agent', 'referrer', 'city', 'status'];
const plan: TrafficPlan = {
  rows: Number(args.rows),
  days: Number(args.days),
  firstDay: Math.floor(Date.UTC(2026, 0, 5) / DAY_MS),
  tenants: [TENANT],
  domainsPerTenant: 200,
  seed: 20_260_105,
};
const from = plan.firstDay * DAY_MS;
const to = from + (plan.days + 1) * DAY_MS;

const directory = args.keep ?? (await mkdtemp(join(tmpdir(), 'vedette-bench-store-')));
const clickhouse = await openClickHouse({ path: directory });
const store = await openRequests({ clickhouse, now: () => to });
const tenant = store.forTenant(TENANT);
const figures: { name: string; value: number; unit: string; target: number | null; most: boolean }[] = [];
let batches = 0;

/** `most`: the target is an upper bound. */
function figure(name: string, value: number, unit: string, target: number | null = null, most = false): void {
  figures.push({ name, value: Number(value.toPrecision(4)), unit, target, most });
  console.log(`${name}: ${value.toPrecision(4)} ${unit}`);
}

async function timed<Result>(
  work: () => Promise<Result> | Result,
): Promise<{ result: Result; ms: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}

const durations: number[] = [];
const samples: StoredRequest[] = [];
let fastest = 0;
const spent = { rows: 0, insertMs: 0, insertCpuMs: 0 };

console.log(`storing ${plan.rows} requests of ${plan.days} days in batches of ${BATCH}, in ${directory}`);
for (const rows of generateTraffic(plan)) {
  const encoded: { count: number; bytes: Buffer }[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    encoded.push({ count: batch.length, bytes: encodeRows(batch) });
  }
  for (const row of rows) if (row.request.durationUs >= 0) durations.push(row.request.durationUs);
  if (samples.length < 150_000) for (const row of rows.slice(0, 150_000)) samples.push(row);
  // The generator's garbage is not the store's to pay for.
  rows.length = 0;
  globalThis.gc?.();
  for (const { count, bytes } of encoded) {
    batches += 1;
    const inserted = await timed(() => store.insert({ token: `bench-${batches}`, count, bytes }));
    spent.rows += count;
    spent.insertMs += inserted.ms;
    spent.insertCpuMs += inserted.cpuMs;
    fastest = Math.max(fastest, count === BATCH ? (count / inserted.cpuMs) * 1000 : 0);
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${spent.rows} `);
}
figure('insert 50000 sustained', (spent.rows / spent.insertMs) * 1000, 'rows/s');
figure('insert 50000 sustained, CPU with merges', (spent.rows / spent.insertCpuMs) * 1000, 'rows/s of CPU');
figure('insert 50000 best, CPU', fastest, 'rows/s of CPU', 150_000);

await mergesSettled();
const sizes = await clickhouse.query<{ table: string; bytes: number; rows: number; parts: number }>(
  `SELECT table, sum(bytes_on_disk) AS bytes, sum(p.rows) AS rows, count() AS parts FROM system.parts AS p
   WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC`,
);
for (const { table, bytes, rows, parts } of sizes) {
  console.log(`  ${table}: ${(bytes / plan.rows).toFixed(2)} bytes a request, ${rows} rows in ${parts} parts`);
}
figure('disk', sizes.reduce((sum, { bytes }) => sum + bytes, 0) / plan.rows, 'bytes/request', 45, true);

await measureEncoding();
await measureBreakdowns();
await measurePercentiles();
await measureBatches();

await clickhouse.close();
if (args.keep === undefined) await rm(directory, { recursive: true, force: true });
for (const { name, value, unit, target, most } of figures) {
  const ratio = target === null ? null : Number((most ? target / value : value / target).toPrecision(3));
  const peer = target === null ? null : 'target';
  console.log(JSON.stringify({ name: `store ${name}`, value, unit, peer, peer_value: target, ratio }));
}

async function mergesSettled(): Promise<void> {
  let calm = 0;
  while (calm < 3) {
    const [row] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM system.merges');
    calm = row?.n === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Batches of 5,000, as live traffic makes them: the best tenth, because the generator's garbage is not the encoder's. */
async function measureEncoding(): Promise<void> {
  globalThis.gc?.();
  const rates: number[] = [];
  for (let at = 0; at + 5000 <= samples.length; at += 5000) {
    const batch = samples.slice(at, at + 5000);
    const { ms } = await timed(() => encodeRows(batch));
    rates.push((batch.length / ms) * 1000);
  }
  rates.sort((a, b) => b - a);
  figure('encode', rates[Math.floor(rates.length / 10)] ?? Number.NaN, 'rows/s', 700_000);
}

/** Every field as the filter (its most frequent value) with six groupings, and every field as the grouping. */
async function measureBreakdowns(): Promise<void> {
  const base = { from, to, metrics: ['requests', 'people', 'bots'] as Metric[], limit: 10 };
  const queries: TrafficQuery[] = [];
  for (const { name } of FIELDS) {
    const { rows } = await tenant.traffic({ ...base, by: [name], where: [], limit: 1 });
    const top = String(rows[0]?.[name] ?? '');
    for (const by of BREAKDOWNS) if (by !== name) queries.push({ ...base, by: [by], where: [filterOn(name, top)] });
  }
  for (const { name } of FIELDS) queries.push({ ...base, by: [name], where: [filterOn('method', 'GET')] });
  for (const step of ['hour', 'day'] as const)
    queries.push({ ...base, by: [step], where: [filterOn('method', 'GET')] });
  const taken: { ms: number; what: string }[] = [];
  for (const query of queries) {
    const { ms } = await timed(() => tenant.traffic(query));
    taken.push({ ms, what: `by ${query.by.join()} where ${query.where[0]?.text.slice(0, 60)}` });
  }
  taken.sort((a, b) => a.ms - b.ms);
  for (const { ms, what } of taken.slice(-5)) console.log(`  slow: ${ms.toFixed(0)} ms ${what}`);
  const at = (level: number) => taken[Math.min(taken.length - 1, Math.floor(level * taken.length))]?.ms ?? Number.NaN;
  figure(`breakdown p50 of ${taken.length}`, at(0.5), 'ms');
  figure(`breakdown p95 of ${taken.length}`, at(0.95), 'ms', 500, true);
  const overview = await timed(() => tenant.traffic({ ...base, by: ['hour'], where: [], limit: 10_000 }));
  figure('requests per hour from roll-ups', overview.ms, 'ms');
}

function filterOn(field: FieldName, value: string): Filter {
  const number = Number(value);
  const kind = FIELDS.find(({ name }) => name === field)?.kind;
  const match =
    kind === 'number' ? ({ is: 'range', from: number, to: number } as const) : ({ is: 'equal', value } as const);
  return { field, negated: false, any: [match], text: `${field}=${value}` };
}

async function measurePercentiles(): Promise<void> {
  const exact = Float64Array.from(durations).sort();
  const levels = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 };
  const metrics = Object.keys(levels) as (keyof typeof levels)[];
  const { rows } = await tenant.traffic({ from, to, metrics, by: [], where: [], limit: 1 });
  const errors = metrics.map((metric) => {
    const true_ = (exact[Math.floor(levels[metric] * (exact.length - 1))] as number) / 1000;
    return Math.abs(Number(rows[0]?.[metric]) - true_) / true_;
  });
  figure('percentile error, largest', Math.max(...errors) * 100, '%', 1, true);
}

/** Rows of the first day, as another tenant's, in batches of three sizes, while merges wait as they do for an import. */
async function measureBatches(): Promise<void> {
  const rows = samples.map((row) => ({ ...row, tenantId: OTHER_TENANT }));
  const release = await store.holdMerges();
  for (const [size, count] of [
    [500, 60],
    [5000, 20],
    [50_000, 6],
  ] as const) {
    const encoded = Array.from({ length: count }, (_, index) =>
      encodeRows(rows.slice((index * size) % rows.length).slice(0, size)),
    );
    const { ms, cpuMs } = await timed(async () => {
      for (const bytes of encoded) {
        batches += 1;
        await store.insert({ token: `bench-${batches}`, count: size, bytes });
      }
    });
    figure(`insert ${size}`, ((size * count) / ms) * 1000, 'rows/s');
    figure(`insert ${size}, CPU`, ((size * count) / cpuMs) * 1000, 'rows/s of CPU');
  }
  await release();
}
