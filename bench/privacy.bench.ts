// What the privacy scan and an erasure cost with some million rows in ClickHouse. The peer of the scan is the engine alone:
// the same texts counted by a regular expression for addresses in one query.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scan } from '../packages/server/src/privacy/scan.ts';
import { type ClickHouse, openClickHouse } from '../packages/server/src/stores/drivers/clickhouse/client.ts';
import { openRequests } from '../packages/server/src/stores/requests.ts';

const ROWS = Number(process.argv[2] ?? 5_000_000);
const BATCHES = 10;
const TENANT = '01950000-0000-7000-8000-00000000000a';
const COLUMNS = ['path', 'query', 'user_agent', 'referrer', 'headers', 'visitor_id', 'domain'];

console.log(`${ROWS} requests in 10 partitions; every query holds a version that looks like an address at first`);
const dir = await mkdtemp(join(tmpdir(), 'vedette-bench-'));
const clickhouse = await openClickHouse({ path: dir });
const store = await openRequests({ clickhouse });
for (let batch = 0; batch < BATCHES; batch += 1) await fill(clickhouse, batch, ROWS / BATCHES);

globalThis.gc?.();
const before = process.memoryUsage();
let peak = 0;
const sampler = setInterval(() => {
  const { heapUsed, external } = process.memoryUsage();
  peak = Math.max(peak, heapUsed + external);
}, 20);
const begun = performance.now();
const { looked_at: looked } = await scan({
  texts: [store.texts],
  batches: [],
  directory: null,
  paths: [],
  skipped: [],
  tools: {
    open: () => Promise.reject(new Error('there are no files')),
    unpack: () => {
      throw new Error('there are no archives');
    },
    signal: new AbortController().signal,
  },
});
const seconds = (performance.now() - begun) / 1000;
clearInterval(sampler);
const bytes = looked.find(({ place }) => place === 'ClickHouse requests')?.bytes ?? 0;

const alone = performance.now();
const tests = COLUMNS.map((column) => `match(ifNull(toString(${column}), ''), '[0-9]{1,3}([.][0-9]{1,3}){3}')`);
await clickhouse.query(`SELECT countIf(${tests.join(' OR ')}) FROM requests`, {}, { max_execution_time: 600 });
const engine = (performance.now() - alone) / 1000;

const [person] = await clickhouse.query<{ id: string }>('SELECT visitor_id AS id FROM requests LIMIT 1');
const erasing = performance.now();
const ids = { proofs: [], visitors: [person?.id ?? ''] };
for (const place of store.personPlaces(TENANT)) await place.erase(ids);
const erased = (performance.now() - erasing) / 1000;
const searching = performance.now();
let left = 0;
for await (const { found } of store.texts.search(ids.visitors, new AbortController().signal)) left += found;
if (left > 0) throw new Error(`${left} rows are left`);
const searched = (performance.now() - searching) / 1000;
await clickhouse.close();
await rm(dir, { recursive: true, force: true });

figure('privacy.scan', ROWS / seconds, 'rows/s', 'one regular expression in ClickHouse', ROWS / engine);
figure('privacy.scan_bytes', bytes / seconds / 1e6, 'MB/s');
figure('privacy.scan_memory', (peak - before.heapUsed - before.external) / 1e6, 'MB');
figure('privacy.erase', erased, 's');
figure('privacy.search', searched, 's');
process.exit(0);

async function fill(engineOf: ClickHouse, batch: number, rows: number): Promise<void> {
  await engineOf.command(
    `INSERT INTO requests_in (tenant_id, domain, id, time_ms, received_ms, expires_on, kept, consent, visitor_id,
       client_key, path, query, user_agent, user_agent_known, referrer, headers, status)
     SELECT toUUID('${TENANT}'), 'shop.example', generateUUIDv4(), 1790000000000 + ${batch * rows} + number, 1790000000000,
       ${21_000 + batch}, 1, 'granted', lower(hex(MD5(toString(number % 40000)))), number,
       concat('/item/', toString(number % 20000)), concat('q=', hex(number), '&v=1.2.3.4&utm=', toString(rand())),
       concat('Mozilla/5.0 (X11; Linux x86_64) Chrome/', toString(number % 140), '.0.0.0 Safari/537.36'), 1,
       'https://search.example/', map('accept', '*/*', 'accept-language', 'de-DE,de;q=0.9', 'x', hex(rand())), 200
     FROM numbers(${rows}) SETTINGS max_partitions_per_insert_block = 0`,
  );
}

function figure(
  name: string,
  value: number,
  unit: string,
  peer: string | null = null,
  peerValue: number | null = null,
): void {
  const round = (number: number) => Math.round(number * 100) / 100;
  const ratio = peerValue === null ? null : round(value / peerValue);
  console.log(
    JSON.stringify({
      name,
      value: round(value),
      unit,
      peer,
      peer_value: peerValue === null ? null : round(peerValue),
      ratio,
    }),
  );
}
