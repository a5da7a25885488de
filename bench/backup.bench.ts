// Takes a backup of a hub with generated traffic (10 million requests unless `--rows N`) and restores it into another
// data directory, both while the hub takes requests and answers questions, beside tar of the same data directory while
// no hub runs. Figures are MB of stored data a second, from the start of a command to its end; what is stored is what
// the archive holds, which is what lies on disk. On a busy machine look at the CPU time for a GB, which stands beside.
// Then the restored hub must answer the same questions with the same numbers. Up to a million requests are generated
// (store-traffic.ts), more are copies of these (store-growth.ts). `--dir DIR` keeps the data there and takes it up again
// (DIR/data, where DIR/filled is; `--tenant SLUG` says whose it is).
// Nothing is removed between: ext4 without a journal passes over each inode that was freed in the last five minutes when
// it makes a file, so that what comes after a removal of some thousand files is up to three times as slow. For the same
// reason let some minutes pass between two runs with `--dir`.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { openClickHouse } from '../packages/server/src/stores/drivers/clickhouse/client.ts';
import { openRequests } from '../packages/server/src/stores/requests.ts';
import { encodeRows } from '../packages/server/src/stores/requests-encoding.ts';
import { type ServedHub, serveHub, stopHub } from './hub.ts';
import { growStore, mergesSettled } from './store-growth.ts';
import { generateTraffic } from './store-traffic.ts';
import { cpuSeconds, figure, type Run, timed, VEDETTE } from './timed.ts';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    dir: { type: 'string' },
    tenant: { type: 'string', default: 'bench' },
  },
});
const DAY_MS = 86_400_000;
const DAYS = 28;
const BATCH = 50_000;
const GENERATED = 1_000_000;
const SETTINGS = { VEDETTE_BREACHED_PASSWORDS_URL: 'off', VEDETTE_LOG_LEVEL: 'info' };
const rows = Number(args.rows);
if (!(rows >= 1000)) {
  console.error('usage: npm run bench -- backup [--rows 10000000] [--dir DIR]');
  process.exit(2);
}
const today = Math.floor(Date.now() / DAY_MS);
const firstDay = today - DAYS;
const dir = args.dir ?? (await mkdtemp(join(tmpdir(), 'vedette-bench-backup-')));
const data = join(dir, 'data');
try {
  await main();
} finally {
  if (args.dir === undefined) await rm(dir, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const whole = join(dir, 'filled');
  if (!existsSync(whole)) await fill(whole);
  for (const name of ['restored', 'peer']) await rm(join(dir, name), { recursive: true, force: true });
  for (const name of ['backup.tar', 'backup.tar.part', 'peer.tar']) await rm(join(dir, name), { force: true });
  const tar = await peer();
  const hub = await serveHub(data, SETTINGS);
  const before = await answersOf(hub);
  const [byDay] = before as [{ rows: { requests: number }[] }];
  console.log(`${byDay.rows.reduce((sum, { requests }) => sum + requests, 0)} requests are stored`);
  const load = loadOn(hub);
  try {
    const hubBefore = cpuSeconds(hub.child.pid as number);
    const backup = await vedette(['backup', join(dir, 'backup.tar'), '--data', data, '--json', '--client-keys']);
    const hubCpu = cpuSeconds(hub.child.pid as number) - hubBefore;
    const during = load.figures();
    const megabytes = backup.bytes / 1e6;
    console.log(
      `backup: ${describe(backup, megabytes)}, ${backup.peakMib} MiB of memory; the hub ${hubCpu.toFixed(1)} s`,
    );
    const restore = await vedette([
      'restore',
      join(dir, 'backup.tar'),
      '--data',
      join(dir, 'restored'),
      '--master-key',
      join(data, 'master.key'),
      '--json',
    ]);
    console.log(`restore: ${describe(restore, megabytes)}, ${restore.peakMib} MiB of memory`);
    console.log(
      `meanwhile: ${load.figures().requests} requests taken, ${load.figures().failed} calls failed, ` +
        `slowest call ${load.figures().slowestMs.toFixed(0)} ms`,
    );
    await load.stop();
    await stopHub(hub);
    const restored = await serveHub(join(dir, 'restored'), SETTINGS);
    const after = await answersOf(restored);
    await stopHub(restored);
    const same = isDeepStrictEqual(after, before);
    console.log(`the restored hub answers ${before.length} questions ${same ? 'with the same numbers' : 'OTHERWISE'}`);
    figure('backup', megabytes / backup.seconds, 'MB/s', { name: 'tar', value: tar.megabytes / tar.write.seconds });
    figure('restore', megabytes / restore.seconds, 'MB/s', { name: 'tar', value: tar.megabytes / tar.read.seconds });
    figure('backup CPU', backup.cpu / (megabytes / 1000), 's/GB', {
      name: 'tar',
      value: tar.write.cpu / (tar.megabytes / 1000),
    });
    figure('restore CPU', restore.cpu / (megabytes / 1000), 's/GB', {
      name: 'tar',
      value: tar.read.cpu / (tar.megabytes / 1000),
    });
    figure('backup slowest call meanwhile', during.slowestMs, 'ms');
    figure('backup calls failed meanwhile', load.figures().failed, 'calls');
    if (!same || load.figures().failed > 0) process.exitCode = 1;
  } finally {
    await load.stop();
    await stopHub(hub);
  }
}

/** The tenant and its traffic, past the hub: that takes requests slower than the store does. */
async function fill(whole: string): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const hub = await serveHub(data, SETTINGS);
  const made = await timed(process.execPath, [VEDETTE, 'tenant', 'create', 'bench', '--data', data, '--json']);
  await stopHub(hub);
  const id = /"id":"([0-9a-f-]{36})"/.exec(made.stdout)?.[1];
  if (id === undefined) throw new Error(`no tenant was made: ${made.stdout}`);
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  const store = await openRequests({ clickhouse });
  let batches = 0;
  console.log(`storing ${rows} requests of ${DAYS} days in ${data}`);
  const times = Math.ceil(rows / GENERATED);
  const plan = {
    rows: Math.round(rows / times),
    days: DAYS,
    firstDay,
    tenants: [id],
    domainsPerTenant: 200,
    seed: 20_260_105,
  };
  for (const day of generateTraffic(plan)) {
    for (let at = 0; at < day.length; at += BATCH) {
      const batch = day.slice(at, at + BATCH);
      batches += 1;
      await store.insert({ token: `bench-${batches}`, count: batch.length, bytes: encodeRows(batch) });
    }
    day.length = 0;
    globalThis.gc?.();
  }
  await growStore(clickhouse, times);
  await mergesSettled(clickhouse);
  await clickhouse.close();
  await mkdir(whole);
}

/** tar of the directory as it lies there, and back, to the disk. */
async function peer(): Promise<{ megabytes: number; write: Run; read: Run }> {
  const to = join(dir, 'peer');
  await mkdir(to);
  const archive = join(dir, 'peer.tar');
  const shell = (script: string) => timed('sh', ['-c', script]);
  const write = await shell(`tar -cf "${archive}" -C "${data}" --exclude=hub.lock . && sync -f "${archive}"`);
  const read = await shell(`tar -xf "${archive}" -C "${to}" && sync -f "${to}"`);
  const { stdout } = await timed('du', ['-sb', '--apparent-size', data]);
  const megabytes = Number.parseInt(stdout, 10) / 1e6;
  console.log(`tar: written ${describe(write, megabytes)}; unpacked ${describe(read, megabytes)}`);
  return { megabytes, write, read };
}

async function vedette(argv: readonly string[]): Promise<Run & { bytes: number }> {
  const run = await timed(process.execPath, [VEDETTE, ...argv]);
  const { bytes = 0 } = JSON.parse(run.stdout) as { bytes?: number };
  return { ...run, bytes };
}

function describe({ seconds, cpu }: Run, megabytes: number): string {
  return `${megabytes.toFixed(0)} MB in ${seconds.toFixed(1)} s with ${cpu.toFixed(1)} s of CPU`;
}

/** A key of the tenant, which a hub is asked for anew: the one of the beginning is nowhere. */
async function keyOf(hub: ServedHub): Promise<string> {
  const place = existsSync(join(dir, 'restored')) && !hub.child.spawnargs.includes(data) ? join(dir, 'restored') : data;
  const made = await timed(process.execPath, [
    VEDETTE,
    'key',
    'create',
    '--tenant',
    args.tenant,
    '--scope',
    'admin',
    '--data',
    place,
  ]);
  return tokenIn(made.stdout);
}

function tokenIn(text: string): string {
  return /vdt_[\w-]+/.exec(text)?.[0] ?? '';
}

/** What is asked of both hubs; of the days that were stored, which nothing is added to. */
async function answersOf(hub: ServedHub): Promise<unknown[]> {
  const key = await keyOf(hub);
  const window = `from=${iso(firstDay)}&to=${iso(today)}`;
  const questions = [
    'metrics=requests,people,bots,hosting,uniques,p50,p95&by=day',
    'metrics=requests,people,bots&by=country&limit=100',
    'metrics=requests,uniques,p95&by=path&limit=200',
    'metrics=requests,people&by=browser&where=status=404&limit=50',
    'metrics=requests&by=network&where=class=people&limit=100',
    'metrics=requests,bytes_out&by=domain&limit=200',
  ];
  const answers: unknown[] = [];
  for (const question of questions) {
    const { status, text } = await ask(hub.url, `/api/v1/traffic?${window}&${question}`, key);
    if (status !== 200) throw new Error(`${question}: ${status} ${text.slice(0, 300)}`);
    answers.push(JSON.parse(text));
  }
  const single = await ask(hub.url, `/api/v1/requests?${window}&limit=500`, key);
  answers.push(JSON.parse(single.text));
  return answers;
}

function iso(day: number): string {
  return new Date(day * DAY_MS).toISOString();
}

async function ask(url: string, path: string, key: string, body?: unknown): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Two clients: one sends 100 requests ten times a second, one asks for the last day twice a second. */
function loadOn(hub: ServedHub): {
  figures(): { requests: number; failed: number; slowestMs: number };
  stop(): Promise<void>;
} {
  const seen = { requests: 0, failed: 0, slowestMs: 0 };
  let stopped = false;
  const call = async (work: () => Promise<boolean>) => {
    const started = performance.now();
    const good = await work().catch(() => false);
    if (!good && !stopped) seen.failed += 1;
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - started);
  };
  const loop = async (pauseMs: number, work: () => Promise<boolean>) => {
    while (!stopped) {
      await call(work);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const running = keyOf(hub).then(async (key) => {
    await Promise.all([
      loop(100, async () => {
        const body = Array.from({ length: 100 }, (_, index) => ({
          time: Date.now(),
          'client.address': `203.0.113.${index}`,
          'server.address': 'bench.example',
          'url.path': `/${index}`,
        }));
        const { status } = await ask(hub.url, '/api/v1/requests', key, body);
        seen.requests += body.length;
        return status === 200;
      }),
      loop(
        500,
        async () => (await ask(hub.url, '/api/v1/traffic?metrics=requests,people&by=hour', key)).status === 200,
      ),
    ]);
  });
  return {
    figures: () => ({ ...seen }),
    async stop() {
      stopped = true;
      await running;
    },
  };
}
