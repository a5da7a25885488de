import { createHash, hash } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import type { ArchiveEntry } from './archive-reader.ts';

/** Of the archive's own layout; an archive of a later one is refused. */
export const FORMAT_VERSION = 1;
export const FORMAT = 'vedette-backup';

/** Names of the entries that stand by themselves, in the order of the archive; the others are between them. */
export const MANIFEST = 'manifest.json';
/** Ends what is read from PostgreSQL; from here on an interrupted backup can be gone on with. */
export const RECORDS = 'postgres.json';
/** Ends what comes from the hub. */
export const CONTENTS = 'contents.json';
/** Digests of all entries before it, as `sha256sum --check` takes them. */
export const SUMS = 'SHA256SUMS';

const LARGEST_JSON = 64 * 1024 * 1024;
/** Up to here an entry is read in one piece: most are, and what is around the pieces costs more than they do. */
const SMALL = 64 * 1024;

/** A migration that was run, as its engine recorded it. */
export interface RunMigration {
  version: number;
  name: string;
  checksum: string;
}

/** A table of ClickHouse as it was frozen. */
export interface FrozenTable {
  name: string;
  /** Names of its parts. */
  parts: string[];
  rows: number;
  bytes: number;
}

/** The first entry: what the archive is, and what it takes to restore it. */
export interface Manifest {
  format: typeof FORMAT;
  format_version: number;
  id: string;
  /** RFC 3339: the moment everything in it is of. */
  created: string;
  vedette: string;
  /** Bytes that lie in the archive's entries, but for PostgreSQL's, which are not known before. */
  stored_bytes: number;
  /** Whether the keys of the days are in it, by which addresses can be looked for. */
  client_keys: boolean;
  master_key: {
    /** Those that something is sealed under; fingerprints in hexadecimal. */
    versions: { version: number; fingerprint: string }[];
    /** A sealed value that nobody needs: whoever opens it has the right key. Base64. */
    check: string;
  };
  postgres: { migrations: RunMigration[] };
  /** null: the requests are in a server that is backed up by its own means. */
  clickhouse: { version: string; migrations: RunMigration[]; tables: FrozenTable[] } | null;
}

/** What was read from PostgreSQL. */
export interface RecordsIndex {
  tables: { name: string; columns: string[]; rows: number; entries: string[] }[];
}

/** What the archive holds, told at its end. */
export interface Contents {
  entries: number;
  bytes: number;
}

/** What the sealed value in the manifest is bound to. */
export function checkPurpose(id: string): string {
  return `backup ${id}`;
}

/** Reads a manifest. Faults: `not-an-archive`, and `archive-newer`, which says what to do. */
export function parseManifest(text: string): Manifest {
  const manifest = parse<Partial<Manifest>>(text, MANIFEST);
  if (manifest.format !== FORMAT || typeof manifest.format_version !== 'number') {
    throw new Fault(
      'not-an-archive',
      `this is no backup that "vedette backup" wrote: ${MANIFEST} is of something else`,
    );
  }
  if (manifest.format_version > FORMAT_VERSION) throw newer(manifest.vedette ?? 'a later version');
  return manifest as Manifest;
}

/** Refuses an archive that was made by a later version. */
export function newer(version: string, what = 'is in a format that this version does not know'): Fault {
  return new Fault(
    'archive-newer',
    `the archive ${what}; it was made by Vedette ${version}: restore it with that version or a later one`,
  );
}

/** The whole of a small entry. */
export async function textOf(entry: ArchiveEntry): Promise<{ text: string; digest: string }> {
  if (entry.size > LARGEST_JSON) throw new Fault('archive-damaged', `${entry.name} cannot be so large`);
  const pieces: Buffer[] = [];
  const digest = await digestOf(entry, (piece) => void pieces.push(Buffer.from(piece)));
  return { text: Buffer.concat(pieces).toString('utf8'), digest };
}

/** Reads an entry to its end; its SHA-256 in hexadecimal. `each` must be done with a piece when it returns. */
export async function digestOf(entry: ArchiveEntry, each: (piece: Buffer) => void = () => undefined): Promise<string> {
  if (entry.size <= SMALL) {
    const bytes = await entry.whole();
    each(bytes);
    return hash('sha256', bytes);
  }
  const digest = createHash('sha256');
  for await (const piece of entry.content()) {
    digest.update(piece);
    each(piece);
  }
  return digest.digest('hex');
}

export function parse<T>(text: string, name: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Fault('archive-damaged', `${name} is damaged: it is no JSON`);
  }
}

/** The digest list: a line for each entry. */
export function formatSums(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([name, digest]) => `${digest}  ${name}\n`).join('');
}

/**
 * Holds what was read against the digest list. Throws a Fault `archive-damaged` that names the entries that are not
 * what was written.
 */
export function checkSums(text: string, read: ReadonlyMap<string, string>): void {
  const told = new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)] as const),
  );
  const wrong = [...read].filter(([name, digest]) => told.get(name) !== digest).map(([name]) => name);
  const gone = [...told.keys()].filter((name) => !read.has(name)).map((name) => `${name} (missing)`);
  const all = [...wrong, ...gone];
  if (all.length === 0) return;
  const more = all.length > 5 ? ` and ${all.length - 5} more` : '';
  throw new Fault(
    'archive-damaged',
    `the archive is damaged: ${all.slice(0, 5).join(', ')}${more} is not what was written`,
  );
}
