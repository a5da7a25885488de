import type { FileHandle } from 'node:fs/promises';
import { isTar } from '../flow/tar-entries.ts';
import { Fault } from '../model/fault.ts';

const BLOCK = 512;
const PIECE = 1024 * 1024;
const LARGEST_PAX = 64 * 1024;

/** Bytes one after another, from a file or a pipe. What was handed over is good until more is asked for. */
export interface ByteSource {
  /** Bytes that were taken or skipped. */
  readonly position: number;
  /** So many bytes; fewer at the end only. */
  take(count: number): Promise<Buffer>;
  /** So many bytes as they come; ends early at the end. */
  pass(count: number): AsyncGenerator<Buffer>;
  /** Passes over bytes; answers how many there were. A file is not read for that. */
  skip(count: number): Promise<number>;
}

/** A file of the archive. Its content must be read or skipped before the next one is asked for. */
export interface ArchiveEntry {
  name: string;
  /** Bytes. */
  size: number;
  /** Where it ends in the archive, with what fills it up to a block. */
  end: number;
  content(): AsyncGenerator<Buffer>;
  /** The content in one piece, good until the next entry is asked for; for small ones, of which there are thousands. */
  whole(): Promise<Buffer>;
  skip(): Promise<void>;
}

/** A pipe, or the answer of a hub. */
export function streamSource(stream: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = stream[Symbol.asyncIterator]();
  return sourceOver(async () => {
    const next = await iterator.next();
    if (next.done === true) return null;
    const { buffer, byteOffset, byteLength } = next.value;
    return Buffer.from(buffer, byteOffset, byteLength);
  }, null);
}

/** An open file from its beginning; `size` in bytes. While a piece is looked at, the next one is read. */
export function fileSource(file: FileHandle, size: number): ByteSource {
  let at = 0;
  let [next, current] = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  let ahead: { from: number; read: Promise<{ bytesRead: number }> } | null = null;
  const readAt = (from: number) => {
    const read = file.read(next, 0, PIECE, from);
    // Met when it is waited for, if it is.
    read.catch(() => undefined);
    return { from, read };
  };
  return sourceOver(
    async () => {
      // One that was read for nothing still writes into its buffer.
      if (ahead !== null && ahead.from !== at) await ahead.read;
      if (ahead === null || ahead.from !== at) ahead = readAt(at);
      const { bytesRead } = await ahead.read;
      [next, current] = [current, next];
      at += bytesRead;
      ahead = bytesRead === 0 ? null : readAt(at);
      return bytesRead === 0 ? null : current.subarray(0, bytesRead);
    },
    (count) => {
      const possible = Math.min(count, size - at);
      at += possible;
      return possible;
    },
  );
}

function sourceOver(pull: () => Promise<Buffer | null>, jump: ((count: number) => number) | null): ByteSource {
  let held: Buffer = Buffer.alloc(0);
  let position = 0;
  const next = async (): Promise<boolean> => {
    while (held.length === 0) {
      const piece = await pull();
      if (piece === null) return false;
      held = piece;
    }
    return true;
  };
  const cut = (count: number): Buffer => {
    const piece = held.subarray(0, count);
    held = held.subarray(piece.length);
    position += piece.length;
    return piece;
  };
  return {
    get position() {
      return position;
    },
    async take(count) {
      if (count <= held.length) return cut(count);
      const bytes = Buffer.allocUnsafe(count);
      let taken = 0;
      while (taken < count && (await next())) taken += cut(count - taken).copy(bytes, taken);
      return bytes.subarray(0, taken);
    },
    async *pass(count) {
      let left = count;
      while (left > 0 && (await next())) {
        const piece = cut(left);
        left -= piece.length;
        yield piece;
      }
    },
    async skip(count) {
      let left = count - cut(count).length;
      if (jump !== null && left > 0) {
        const jumped = jump(left);
        position += jumped;
        return count - (left - jumped);
      }
      while (left > 0 && (await next())) left -= cut(left).length;
      return count - left;
    },
  };
}

/**
 * The files of a backup archive, one after another, without holding them. Stricter than what reads any tar: whatever is
 * not as it was written is said. Faults: `not-an-archive`, `archive-damaged` and `archive-cut`, which name the place.
 */
export async function* archiveEntries(source: ByteSource): AsyncGenerator<ArchiveEntry> {
  let last: string | null = null;
  for (;;) {
    const found = await nextHead(source, last);
    if (found === null) return;
    const { name, size } = found;
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    let done = false;
    const cut = () => new Fault('archive-cut', `the archive ends within ${name}: it was not written to its end`);
    const fill = async () => {
      done = true;
      if ((await source.take(padding)).length < padding) throw cut();
    };
    yield {
      name,
      size,
      end: source.position + size + padding,
      async *content() {
        let left = size;
        for await (const piece of source.pass(size)) {
          left -= piece.length;
          yield piece;
        }
        if (left > 0) throw cut();
        await fill();
      },
      async whole() {
        // With what fills it up: to ask for that afterwards would give the bytes away.
        const bytes = await source.take(size + padding);
        if (bytes.length < size + padding) throw cut();
        done = true;
        return bytes.subarray(0, size);
      },
      async skip() {
        if ((await source.skip(size)) < size) throw cut();
        await fill();
      },
    };
    if (!done) throw new Error(`the content of ${name} was neither read nor skipped`);
    last = name;
  }
}

async function nextHead(source: ByteSource, last: string | null): Promise<{ name: string; size: number } | null> {
  const head = await readBlock(source, last);
  if (head === null) return null;
  if (typeOf(head) !== 'x') return { name: nameOf(head), size: sizeOf(head, last) };
  const bytes = sizeOf(head, last);
  if (bytes > LARGEST_PAX) throw damaged(last);
  const told = (await source.take(bytes)).toString('utf8');
  await source.skip((BLOCK - (bytes % BLOCK)) % BLOCK);
  const [, name] = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(told) ?? [];
  const [, size] = /(?:^|\n)\d+ size=(\d+)\n/.exec(told) ?? [];
  const own = await readBlock(source, last);
  if (name === undefined || size === undefined || own === null || typeOf(own) !== '0') throw damaged(last);
  return { name, size: Number(size) };
}

/** The next header; null at the end of the archive. */
async function readBlock(source: ByteSource, last: string | null): Promise<Buffer | null> {
  const head = await source.take(BLOCK);
  if (isTar(head)) return head;
  if (last === null)
    throw new Fault('not-an-archive', 'this is no backup that "vedette backup" wrote: it is no tar archive');
  if (head.length < BLOCK) {
    throw new Fault('archive-cut', `the archive ends after ${last}: it was not written to its end`);
  }
  if (head.every((byte) => byte === 0)) return null;
  throw damaged(last);
}

function damaged(last: string | null): Fault {
  const where = last === null ? 'its beginning' : `the entry after ${last}`;
  return new Fault('archive-damaged', `the archive is damaged: ${where} cannot be read`);
}

function typeOf(head: Buffer): string {
  return String.fromCharCode(head.readUInt8(156));
}

function nameOf(head: Buffer): string {
  return head.toString('utf8', 0, 100).replace(/\0.*$/s, '');
}

function sizeOf(head: Buffer, last: string | null): number {
  const text = head.toString('latin1', 124, 136).replace(/[\0 ]+$/, '');
  if (!/^[0-7]+$/.test(text)) throw damaged(last);
  return Number.parseInt(text, 8);
}
