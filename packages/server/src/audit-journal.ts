import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { explainPath } from './data-directory.ts';
import type { AuditNote } from './model/audit-entry.ts';
import { isDiskFull } from './model/disk-full.ts';

const FILE = 'audit-open.ndjson';
/** Beyond so many bytes what has ended is left out of the file, though something stays open. */
const LARGEST = 1024 * 1024;

/** An act that was begun: in whose logs it will stand, and what is known of it before it is done. */
export interface OpenAct {
  tenants: readonly string[];
  note: AuditNote;
}

/**
 * The acts that were begun and have no entry in the audit log yet, in a file of the data directory. An entry is written
 * when it is known what came of the act; a process that dies in between leaves the act here, for the next one to tell.
 */
export interface AuditJournal {
  /** What a process before this one left. */
  readonly left: readonly OpenAct[];
  /**
   * Notes an act before it is done; what is returned takes it off again, once. Throws what the file system says where it
   * cannot be noted: then it is not to be done.
   */
  begin(act: OpenAct): () => void;
  /** Forgets what was left, once it stands in the log. */
  settle(): void;
  close(): void;
}

/**
 * Opens the journal of a data directory. Lines that are cut off, as the last one of a process that died, are passed over.
 * Writes are short and synchronous: they outlast the process, which is what they are for, though not a loss of power.
 * Faults: those of `explainPath`.
 */
export function openAuditJournal(dir: string): AuditJournal {
  const path = join(dir, FILE);
  const left = read(path);
  const open = new Map<string, OpenAct>(left.map((act) => [randomUUID(), act]));
  const leftIds = [...open.keys()];
  let { file, size } = firstOf(dir, open);
  /** Ends that the disk had no room for. */
  let unsaid: object[] = [];
  /** All of it or nothing: the beginning of a line would spoil the next. */
  const write = (line: object) => {
    const bytes = Buffer.from([...unsaid, line].map((one) => `${JSON.stringify(one)}\n`).join(''));
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
    size += bytes.length;
    unsaid = [];
  };
  const leaveOutEnded = () => {
    const fresh = rewrite(path, open);
    closeSync(file);
    ({ file, size } = fresh);
    unsaid = [];
  };
  const take = (id: string) => {
    if (!open.delete(id)) return;
    if (open.size === 0) {
      ftruncateSync(file, 0);
      size = 0;
      unsaid = [];
      return;
    }
    try {
      if (size > LARGEST) leaveOutEnded();
      else write({ id });
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // The act is done, and must not fail by this: it is said when there is room again.
      unsaid.push({ id });
    }
  };
  return {
    left,
    begin(act) {
      // No process before this one, in whose place it may be by its number too, had the same.
      const id = randomUUID();
      write({ id, ...act });
      open.set(id, act);
      return () => take(id);
    },
    settle() {
      for (const id of leftIds) take(id);
    },
    close: () => closeSync(file),
  };
}

/** The first file of this process: here an operator may learn that the disk is full. */
function firstOf(dir: string, open: ReadonlyMap<string, OpenAct>): { file: number; size: number } {
  try {
    return rewrite(join(dir, FILE), open);
  } catch (error) {
    throw explainPath(dir, error);
  }
}

/** A new file in the place of the old one, with what is open alone. */
function rewrite(path: string, open: ReadonlyMap<string, OpenAct>): { file: number; size: number } {
  const draft = `${path}.part`;
  const text = [...open].map(([id, act]) => `${JSON.stringify({ id, ...act })}\n`).join('');
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, path);
  return { file: openSync(path, 'a', 0o600), size: Buffer.byteLength(text) };
}

function read(path: string): OpenAct[] {
  const acts = new Map<string, OpenAct>();
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  for (const line of text.split('\n')) {
    const { id, tenants, note } = lineOf(line);
    if (id === undefined) continue;
    if (tenants === undefined || note === undefined) acts.delete(id);
    else acts.set(id, { tenants, note });
  }
  return [...acts.values()];
}

function lineOf(line: string): Partial<OpenAct & { id: string }> {
  try {
    return (JSON.parse(line) as Partial<OpenAct & { id: string }> | null) ?? {};
  } catch {
    return {};
  }
}
