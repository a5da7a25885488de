import { Fault } from '../model/fault.ts';
import { type ArchiveEntry, archiveEntries, type ByteSource } from './archive-reader.ts';
import {
  CONTENTS,
  type Contents,
  checkSums,
  digestOf,
  MANIFEST,
  type Manifest,
  parse,
  parseManifest,
  RECORDS,
  SUMS,
  textOf,
} from './format.ts';

/** What is known of an archive that is being written, or was written in part. */
export interface Written {
  manifest: Manifest | null;
  /** Digests by entry, in the order of the archive. */
  sums: Map<string, string>;
  /** Bytes of the contents of these. */
  bytes: number;
  /** Bytes up to the end of the last whole entry. */
  end: number;
  /** The last whole entry. */
  last: string | null;
  contents: Contents | null;
  /** Whether the digest list is there, and all of it held. */
  sealed: boolean;
}

export function nothingWritten(): Written {
  return { manifest: null, sums: new Map(), bytes: 0, end: 0, last: null, contents: null, sealed: false };
}

/** Whether an archive that was written so far can be gone on with. */
export function canGoOn({ manifest, sums }: Written): boolean {
  return manifest !== null && sums.has(RECORDS);
}

/**
 * Reads entries and notes them, up to the one named `until`, or to the end of the archive. Where it breaks off, `written`
 * says how far it came. Faults: those of `archiveEntries`, and `archive-damaged`.
 */
export async function noteEntries(
  source: ByteSource,
  written: Written,
  { told, until }: { told?(entry: ArchiveEntry): void; until?: string } = {},
): Promise<void> {
  for await (const entry of archiveEntries(source)) {
    told?.(entry);
    if (entry.name === SUMS) {
      checkSums((await textOf(entry)).text, written.sums);
      written.sealed = true;
    } else if (entry.name === MANIFEST || entry.name === CONTENTS) {
      const { text, digest } = await textOf(entry);
      if (entry.name === MANIFEST) written.manifest = parseManifest(text);
      else written.contents = parse<Contents>(text, CONTENTS);
      written.sums.set(entry.name, digest);
    } else {
      if (written.manifest === null)
        throw new Fault(
          'not-an-archive',
          `this is no backup that "vedette backup" wrote: ${MANIFEST} is not its first entry`,
        );
      written.sums.set(entry.name, await digestOf(entry));
    }
    if (!written.sealed) written.bytes += entry.size;
    written.end = entry.end;
    written.last = entry.name;
    if (entry.name === until) return;
  }
}

function checkCount({ contents, sums }: Written): void {
  if (contents !== null && contents.entries === sums.size - 1) return;
  throw new Fault('archive-damaged', `the archive should have ${contents?.entries} entries, but has ${sums.size - 1}`);
}

/** Reads a whole archive and checks every entry of it. Faults as `noteEntries` has them. */
export async function verifyArchive(source: ByteSource, told: (bytes: number) => void): Promise<Written> {
  const written = nothingWritten();
  await noteEntries(source, written, { told: (entry) => told(entry.end) });
  if (!written.sealed) throw new Fault('archive-cut', `the archive has no ${SUMS}: it was not written to its end`);
  checkCount(written);
  return written;
}
