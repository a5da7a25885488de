import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

// Logs of any length made of real Combined lines, which are repeated.

const SHARED = process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '..', '..', 'shared');
export const LOGS = [
  'apache-combined.elastic.log.gz',
  'nginx-combined.meatlabel.app.2025-12.log.gz',
  'advertools.nginx_access.log',
  'apache-combined.farmwork.log.gz',
];

/** The lines of all LOGS, as latin-1 text. Throws where there are none. */
export function realLines(): string[] {
  const folder = join(SHARED, 'data', 'access-logs');
  if (!existsSync(folder)) throw new Error(`no logs in ${folder}: set VEDETTE_SHARED`);
  return LOGS.flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
    return text.split('\n').filter((line) => line !== '');
  });
}

/** Writes `count` lines to `path`: all of `real`, again and again. */
export async function writeLog(path: string, real: readonly string[], count: number): Promise<void> {
  const out = createWriteStream(path);
  const whole = Buffer.from(`${real.join('\n')}\n`, 'latin1');
  let left = count;
  for (; left >= real.length; left -= real.length) if (!out.write(whole)) await once(out, 'drain');
  if (left > 0) out.write(Buffer.from(`${real.slice(0, left).join('\n')}\n`, 'latin1'));
  out.end();
  await once(out, 'close');
}
