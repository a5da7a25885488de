import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSegment, type SpoolMeta } from './spool.ts';

/**
 * What is in a spool's directory, a batch at a time, without taking part in it: for looking only. A segment that goes
 * meanwhile is passed over. Dead letters come with their reason.
 */
export async function* readSpool(
  dir: string,
): AsyncGenerator<{ name: string; meta: SpoolMeta; bytes: Buffer; reason: string }> {
  const names = async (folder: string, ending: string) =>
    (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ending)).sort();
  for (const name of await names(dir, '.spool')) {
    const data = await readFile(join(dir, name)).catch(() => Buffer.alloc(0));
    for (const { meta, offset, length } of parseSegment(data).records) {
      yield { name, meta, bytes: data.subarray(offset, offset + length), reason: '' };
    }
  }
  for (const name of await names(join(dir, 'dead'), '.json')) {
    const letter = parseLetter(await readFile(join(dir, 'dead', name), 'utf8').catch(() => ''));
    if (letter !== null) yield { name: join('dead', name), ...letter };
  }
}

function parseLetter(text: string): { meta: SpoolMeta; bytes: Buffer; reason: string } | null {
  try {
    const { reason, meta, body } = JSON.parse(text) as { reason: string; meta: SpoolMeta; body: string };
    return { reason, meta, bytes: Buffer.from(body, 'base64') };
  } catch {
    return null;
  }
}
