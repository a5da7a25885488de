import { readFileSync } from 'node:fs';
import { chmod, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from './model/fault.ts';
import type { KeyFile } from './privacy/rotation.ts';
import { MASTER_KEY_BYTES } from './privacy/sealing.ts';

const MOST_BYTES = 64 * 1024;
const MOST_VERSION = 0x7fff_ffff;
const HEADING = `# Master keys of Vedette, one a line: VERSION KEY. The database says which version seals.
# Without this file nothing that is sealed can be opened: keep a copy apart from the data.
`;

/** Opens the ring in a file that exists. Throws a Fault `bad-master-key` that says what the file must hold. */
export function openKeyRing(file: string): KeyFile {
  let keys = read(file);
  return {
    file,
    versions: () => [...keys.keys()].sort((a, b) => a - b),
    key(version) {
      if (!keys.has(version)) {
        const found = attempt(() => read(file));
        if (found !== null) keys = found;
      }
      return keys.get(version);
    },
    reload() {
      keys = read(file);
    },
    async change({ add = new Map(), remove = [] }) {
      // What another process wrote meanwhile stays.
      const next = new Map([...read(file), ...add]);
      for (const version of remove) next.delete(version);
      await write(file, next);
      keys = next;
    },
  };
}

function read(file: string): Map<number, Buffer> {
  const bytes = bytesOf(file);
  const keys = bytes.length > MOST_BYTES ? null : parseKeyRing(bytes);
  if (keys !== null) return keys;
  throw new Fault(
    'bad-master-key',
    `${file} must hold 32 bytes, as they are, in hex or in base64, or lines of a version and a key; put it back from a backup`,
  );
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EISDIR') throw cause;
    throw new Fault('bad-master-key', `${file} is a directory; name the file of the master key in it`, { cause });
  }
}

/** The keys in the bytes of a ring; null when they are none. */
export function parseKeyRing(bytes: Buffer): Map<number, Buffer> | null {
  const single = decodeKey(bytes);
  if (single !== null) return new Map([[1, single]]);
  const keys = new Map<number, Buffer>();
  for (const line of bytes.toString('latin1').split('\n')) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const [, number, written = ''] = /^(\d{1,10})\s+(\S+)$/.exec(text) ?? [];
    const version = Number(number);
    const key = decodeKey(Buffer.from(written, 'latin1'));
    if (key === null || !(version >= 1 && version <= MOST_VERSION) || keys.has(version)) return null;
    keys.set(version, key);
  }
  return keys.size === 0 ? null : keys;
}

function decodeKey(key: Buffer): Buffer | null {
  if (key.length === MASTER_KEY_BYTES) return key;
  const text = key.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) && bytes.length === MASTER_KEY_BYTES ? bytes : null;
}

/** Puts another file in its place, so that whoever reads it sees the old ring or the new one. */
async function write(file: string, keys: ReadonlyMap<number, Buffer>): Promise<void> {
  const lines = [...keys].sort(([a], [b]) => a - b).map(([version, key]) => `${version} ${key.toString('hex')}\n`);
  // A mounted secret is a link to where it is.
  const place = await realpath(file);
  const draft = `${place}.${process.pid}.new`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(HEADING + lines.join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(draft, 0o600);
    await rename(draft, place);
    const folder = await open(dirname(place), 'r');
    await folder.sync().catch(() => undefined);
    await folder.close();
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    const { code } = cause as NodeJS.ErrnoException;
    throw new Fault('key-file-read-only', `${file} cannot be written (${code ?? String(cause)})`, { cause });
  }
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
