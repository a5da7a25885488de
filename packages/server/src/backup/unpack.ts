import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  SUMS,
  textOf,
} from './format.ts';

export interface UnpackOptions {
  /** Looks at the manifest before anything is written; says where to. */
  begin(manifest: Manifest): Promise<string>;
  /** What is there already need not be written again. */
  resume: boolean;
  told(bytes: number): void;
}

/**
 * Unpacks an archive, each entry under its name, and checks it against its digests. What is not as it was written is
 * removed again. Faults: those of `archiveEntries`, `parseManifest` and `begin`, and `archive-damaged`.
 */
export async function unpack(source: ByteSource, options: UnpackOptions): Promise<Manifest> {
  const sums = new Map<string, string>();
  const write = createWriter();
  let manifest: Manifest | null = null;
  let contents: Contents | null = null;
  let directory = '';
  let list: string | null = null;
  const kept = new Set<string>();
  for await (const entry of archiveEntries(source)) {
    if (manifest === null) {
      const { text, digest } = await firstOf(entry);
      manifest = parseManifest(text);
      sums.set(entry.name, digest);
      directory = await options.begin(manifest);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await writeFile(join(directory, MANIFEST), text, { mode: 0o600 });
    } else if (entry.name === SUMS) list = (await textOf(entry)).text;
    else if (entry.name === CONTENTS) {
      const { text, digest } = await textOf(entry);
      contents = parse<Contents>(text, CONTENTS);
      sums.set(entry.name, digest);
    } else {
      const path = join(directory, safeName(entry.name));
      const known = options.resume ? await digestOfFile(path, entry.size) : null;
      if (known !== null) {
        kept.add(entry.name);
        await entry.skip();
      }
      sums.set(entry.name, known ?? (await write(entry, path)));
    }
    options.told(entry.end);
  }
  if (manifest === null)
    throw new Fault('not-an-archive', 'this is no backup that "vedette backup" wrote: it is empty');
  if (list === null || contents === null) {
    throw new Fault('archive-cut', `the archive has no ${SUMS}: it was not written to its end`);
  }
  await keepWhole(directory, list, sums, kept);
  return manifest;
}

async function firstOf(entry: ArchiveEntry): Promise<{ text: string; digest: string }> {
  if (entry.name === MANIFEST) return textOf(entry);
  throw new Fault(
    'not-an-archive',
    `this is no backup that "vedette backup" wrote: ${MANIFEST} is not its first entry`,
  );
}

/**
 * Removes what is damaged, so that it is read from the archive when the restore is gone on with. `kept` names what was
 * not read from the archive this time.
 */
async function keepWhole(
  directory: string,
  list: string,
  sums: ReadonlyMap<string, string>,
  kept: ReadonlySet<string>,
): Promise<void> {
  try {
    checkSums(list, sums);
  } catch (error) {
    let fromArchive = false;
    for (const line of list.split('\n')) {
      const [digest, name] = [line.slice(0, 64), line.slice(66)];
      if (name === '' || sums.get(name) === digest) continue;
      if (!kept.has(name)) fromArchive = true;
      await rm(join(directory, safeName(name)), { force: true });
    }
    if (fromArchive) throw error;
    throw new Fault(
      'restore-interrupted',
      'files that the interrupted restore had written did not reach the disk whole; they were removed: go on with --resume',
    );
  }
}

/** A name that stays below the directory it is written to. */
function safeName(name: string): string {
  const steps = name.split('/');
  const odd = steps.some((step) => step === '' || step === '.' || step === '..') || name.includes('\0');
  if (odd) throw new Fault('archive-damaged', `the archive has an entry of the name ${JSON.stringify(name)}`);
  return name;
}

/**
 * Writes entries as files. By calls that block: small files by the ten thousand cost several times as much by ones that
 * do not.
 */
function createWriter(): (entry: ArchiveEntry, path: string) => Promise<string> {
  const made = new Set<string>();
  return async (entry, path) => {
    const folder = dirname(path);
    if (!made.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    const file = openSync(path, 'w', 0o600);
    try {
      return await digestOf(entry, (piece) => {
        for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
      });
    } finally {
      closeSync(file);
    }
  };
}

/** Of a file of just that size; null where there is none. */
async function digestOfFile(path: string, size: number): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size !== size) return null;
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
