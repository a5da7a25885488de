import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openClickHouse } from '../packages/server/src/stores/drivers/clickhouse/client.ts';
import { listPartitions } from '../packages/server/src/stores/requests-retention.ts';
import { LOGS, realLines, writeLog } from './combined-log.ts';
import { openGoAccess } from './goaccess.ts';
import { serveHub, stopHub } from './hub.ts';
import { figure, median, peakMib, type Run, timed, VEDETTE } from './timed.ts';

// `vedette import` into a running hub beside GoAccess on the same real Combined lines, the same cores, in turns. Every
// round has a hub with a data directory of its own. The hub's start is not counted; everything else is, from the start
// of the command to its end, when all lines are durable.

const USAGE = `usage: npm run bench -- import [--lines 1000000] [--rounds 3]
needs goaccess on the PATH, the logs of VEDETTE_SHARED (../shared by default) and Linux`;
/** The roll-ups and the rows: what a request costs on disk. */
const TABLES = /^(?:requests|requests_sample|(?:counts|visits)_(?:minute|hour|day))$/;

interface Imported {
  run: Run;
  accepted: number;
  hubPeakMib: number;
  bytesPerRequest: number;
}

const { values } = parseArgs({
  options: { lines: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
});
const lines = Number(values.lines);
const rounds = Number(values.rounds);
if (!(lines >= 1000) || !(rounds >= 1)) {
  console.error(USAGE);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'vedette-bench-'));
try {
  await main();
} finally {
  // All rounds at once and not before: ext4 is slow to reuse the inodes of files that were deleted a moment ago, which
  // would be counted against the next round.
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const real = realLines();
  console.log(`${real.length.toLocaleString('en-GB')} real Combined lines (${LOGS.join(', ')}), repeated`);
  const log = join(folder, 'access.log');
  await writeLog(log, real, lines);
  const goaccess = openGoAccess(folder);
  const ours: Imported[] = [];
  const theirs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    theirs.push(await goaccess.run(log));
    ours.push(await importOnce(log, join(folder, `round-${round}`)));
    const [a, b] = [theirs.at(-1) as Run, ours.at(-1) as Imported];
    console.log(
      `round ${round}: goaccess ${a.seconds.toFixed(2)} s, ${a.peakMib} MiB; ` +
        `vedette ${b.run.seconds.toFixed(2)} s, hub ${b.hubPeakMib} MiB, command ${b.run.peakMib} MiB`,
    );
  }
  const counted = JSON.parse((ours[0] as Imported).run.stdout).lines;
  console.log(`vedette: ${counted.read} lines read, ${counted.accepted} accepted, ${counted.rejected} rejected`);
  console.log(`goaccess: ${goaccess.unknownPlaces()} of its requests from an unknown continent`);
  const rate = (runs: readonly Run[]) => lines / median(runs.map((run) => run.seconds));
  figure('import_lines_per_second', rate(ours.map(({ run }) => run)), 'lines/s', {
    name: 'goaccess',
    value: rate(theirs),
  });
  figure('import_peak_memory', Math.max(...ours.map(({ hubPeakMib }) => hubPeakMib)), 'MiB', {
    name: 'goaccess',
    value: Math.max(...theirs.map((run) => run.peakMib)),
  });
  figure('import_bytes_per_request', median(ours.map(({ bytesPerRequest }) => bytesPerRequest)), 'bytes');
}

/** Starts a hub on a directory that is not there yet, imports the log, and stops the hub. */
async function importOnce(log: string, data: string): Promise<Imported> {
  const hub = await serveHub(data);
  let run: Run;
  let hubPeakMib: number;
  try {
    run = await timed(process.execPath, [VEDETTE, 'import', log, '--json', '--domain', 'example.com', '--data', data]);
    hubPeakMib = Math.round(peakMib(hub.child.pid));
  } finally {
    await stopHub(hub);
  }
  if (hubPeakMib === 0)
    throw new Error('the hub is not the process that was started: run with the Node.js of the installation');
  const { accepted } = (JSON.parse(run.stdout) as { lines: { accepted: number } }).lines;
  return { run, accepted, hubPeakMib, bytesPerRequest: (await storedBytes(data)) / accepted };
}

/** Bytes of the rows and roll-ups once what is to be merged has been merged. */
async function storedBytes(data: string): Promise<number> {
  const clickhouse = await openClickHouse({ path: join(data, 'clickhouse') });
  try {
    for (let quiet = 0; quiet < 4; ) {
      const [row] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM system.merges');
      quiet = Number(row?.n) === 0 ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const partitions = await listPartitions(clickhouse);
    return partitions.filter(({ table }) => TABLES.test(table)).reduce((sum, { bytes }) => sum + Number(bytes), 0);
  } finally {
    await clickhouse.close();
  }
}
