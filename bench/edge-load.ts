import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What a load generator measured. */
export interface Load {
  /** Answers a second. */
  rate: number;
  /** ms within which 99 of 100 were answered. */
  p99: number;
}

/** wrk where it is installed, because it takes least of the machine; else autocannon. */
export const GENERATOR = spawnSync('wrk', ['-v']).error === undefined ? 'wrk' : 'autocannon';

/** As many requests as are answered over so many connections. Throws when some are not answered with 200. */
export function load(url: string, seconds: number, connections: number): Load {
  return GENERATOR === 'wrk' ? byWrk(url, seconds, connections) : byAutocannon(url, seconds, connections);
}

function byWrk(url: string, seconds: number, connections: number): Load {
  const run = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url], { encoding: 'utf8' });
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(run.stdout)?.[1]);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(run.stdout) ?? [];
  if (!(rate > 0) || /Non-2xx|Socket errors/.test(run.stdout)) throw new Error(`wrk: ${run.stdout}${run.stderr}`);
  return { rate, p99: Number(value) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1) };
}

function byAutocannon(url: string, seconds: number, connections: number): Load {
  const home = dirname(createRequire(import.meta.url).resolve('autocannon/package.json'));
  const args = [join(home, 'autocannon.js'), '-c', String(connections), '-d', String(seconds), '--json', url];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const answer = JSON.parse(run.stdout) as { requests: { average: number }; latency: { p99: number }; non2xx: number };
  if (answer.non2xx > 0) throw new Error(`autocannon: ${answer.non2xx} answers were not good`);
  return { rate: answer.requests.average, p99: answer.latency.p99 };
}
