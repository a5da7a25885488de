import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LOGS, realLines, writeLog } from './combined-log.ts';
import { openGoAccess } from './goaccess.ts';
import { figure, median, type Run, timed, VEDETTE } from './timed.ts';

// `vedette report --json` beside GoAccess on the same real Combined lines, the same cores, in turns. Both look up
// places: GoAccess in the same DB-IP file, rewritten to the layout it understands.

const USAGE = `usage: npm run bench -- report [--lines 1000000] [--rounds 3]
needs goaccess on the PATH and the logs of VEDETTE_SHARED (../shared by default)`;

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
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const real = realLines();
  console.log(`${real.length.toLocaleString('en-GB')} real Combined lines (${LOGS.join(', ')}), repeated`);
  const log = join(folder, 'access.log');
  await writeLog(log, real, lines);
  const goaccess = openGoAccess(folder);
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    theirs.push(await goaccess.run(log));
    ours.push(await report(log));
    const [a, b] = [theirs.at(-1) as Run, ours.at(-1) as Run];
    console.log(
      `round ${round}: goaccess ${a.seconds.toFixed(2)} s, ${a.peakMib} MiB; vedette ${b.seconds.toFixed(2)} s, ${b.peakMib} MiB`,
    );
  }
  const counted = JSON.parse((ours[0] as Run).stdout).lines;
  console.log(`vedette: ${counted.read} lines read, ${counted.accepted} accepted, ${counted.rejected} rejected`);
  console.log(`goaccess: ${goaccess.unknownPlaces()} of its requests from an unknown continent`);
  const long = join(folder, 'long.log');
  await writeLog(long, real, lines * 4);
  const longRun = await report(long);
  console.log(`${lines * 4} lines: ${longRun.seconds.toFixed(2)} s, ${longRun.peakMib} MiB`);
  const beside = (value: number) => ({ name: 'goaccess', value });
  const seconds = (runs: Run[]) => median(runs.map((run) => run.seconds));
  const peak = (runs: Run[]) => Math.max(...runs.map((run) => run.peakMib));
  figure('report_lines_per_second', lines / seconds(ours), 'lines/s', beside(lines / seconds(theirs)));
  figure('report_seconds', seconds(ours), 's', beside(seconds(theirs)));
  figure('report_peak_memory', peak(ours), 'MiB', beside(peak(theirs)));
  const quarter = { name: 'vedette, a quarter of the lines', value: peak(ours) };
  figure('report_peak_memory_4x_lines', longRun.peakMib, 'MiB', quarter);
}

function report(log: string): Promise<Run> {
  return timed(process.execPath, [VEDETTE, 'report', log, '--json']);
}
