import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterKeyVersion } from './stores/sealed.ts';

/** The key that seals, as the database knows it. */
export type NotedKey = Pick<MasterKeyVersion, 'version' | 'state' | 'fingerprint'>;

// With the database's own files, so that it goes where they go.
const placeOf = (data: string) => join(data, 'postgres', 'sealed-with.json');

/**
 * Notes beside the embedded database which master key seals in it, so that another one is told without starting it.
 * Only that one version: of those being replaced, the file may lose some before the note has followed.
 */
export async function noteKey(data: string, known: readonly NotedKey[]): Promise<void> {
  const sealing = known.find(({ state }) => state === 'sealing');
  if (sealing === undefined) return;
  const text = JSON.stringify({ version: sealing.version, fingerprint: sealing.fingerprint.toString('hex') });
  const draft = `${placeOf(data)}.new`;
  try {
    await writeFile(draft, `${text}\n`, { mode: 0o600, flush: true });
    await rename(draft, placeOf(data));
  } catch {
    // A hub runs without the note; what looks at the directory then says less.
  }
}

/** The key that was noted; none where there is no note, or it is damaged. */
export async function notedKeys(data: string): Promise<NotedKey[]> {
  try {
    const { version, fingerprint } = JSON.parse(await readFile(placeOf(data), 'utf8')) as Record<string, unknown>;
    if (!Number.isSafeInteger(version) || !/^[0-9a-f]{32}$/.test(String(fingerprint))) return [];
    return [{ version: Number(version), state: 'sealing', fingerprint: Buffer.from(String(fingerprint), 'hex') }];
  } catch {
    return [];
  }
}
