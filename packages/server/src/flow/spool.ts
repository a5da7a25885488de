import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Fault } from '../model/fault.ts';

const MAGIC = 0x56535031;
const HEADER_BYTES = 16;
const SEGMENT_BYTES = 16 * 1024 * 1024;
// Fewer than the deduplication window of the tables, because a restart replays whole segments.
const SEGMENT_RECORDS = 500;

/** What a record says of its batch, beside the batch's bytes. */
export interface SpoolMeta {
  token: string;
  count: number;
  [more: string]: unknown;
}

export interface SpoolRecord {
  meta: SpoolMeta;
  /**
   * Read back from disk; the writer of a record need not hold its bytes while it waits. Fault `spool-damaged` when they
   * are no longer what was written.
   */
  read(): Promise<Buffer>;
}

interface Segment {
  path: string;
  file: FileHandle | null;
  size: number;
  records: number;
  pending: number;
}

/**
 * Batches on disk until the store has them: append-only segments of records (magic, lengths, CRC-32, meta as JSON,
 * bytes), each fsynced before `append` resolves. A segment goes when all its records are done. What a kill left is
 * given back by `recovered`; a torn record at the end of a segment was never acknowledged and is cut off. Other damage is
 * told, and what was there goes to `dead/`.
 */
export interface Spool {
  /** Records found on disk at opening, oldest first. */
  readonly recovered: readonly SpoolRecord[];
  /** Resolves when the record is on disk. Faults: `spool-full` (over the bound), `disk-full`. */
  append(meta: SpoolMeta, bytes: Buffer): Promise<SpoolRecord>;
  /** The store has it. */
  done(record: SpoolRecord): Promise<void>;
  /** Sets a record aside that the store will never take, into `dead/`, with the reason. */
  bury(record: SpoolRecord, reason: string): Promise<void>;
  /** Records and bytes that wait. */
  depth(): { records: number; bytes: number };
  close(): Promise<void>;
}

/** Opens the spool in `dir`, bounded by `maxBytes`; `onDamage` is told of records that cannot be read any more. */
export async function openSpool(
  dir: string,
  maxBytes: number,
  onDamage: (detail: string) => void = () => undefined,
): Promise<Spool> {
  await mkdir(join(dir, 'dead'), { recursive: true, mode: 0o700 });
  const home = new Map<SpoolRecord, { segment: Segment; bytes: number; raw(): Promise<Buffer> }>();
  const recovered: SpoolRecord[] = [];
  let total = 0;
  let sequence = 0;
  let active: Segment | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  function track(segment: Segment, { meta, offset, length, size, crc }: Found): SpoolRecord {
    const record: SpoolRecord = {
      meta,
      async read() {
        const bytes = await readRange(segment.path, offset, length);
        if (bytes.length === length && checksum(meta, bytes) === crc) return bytes;
        throw new Fault('spool-damaged', `the batch ${meta.token} at byte ${offset} of ${segment.path} is damaged`);
      },
    };
    home.set(record, { segment, bytes: size, raw: () => readRange(segment.path, offset, length) });
    segment.pending += 1;
    total += size;
    return record;
  }

  for (const name of (await readdir(dir)).filter((file) => file.endsWith('.spool')).sort()) {
    sequence = Math.max(sequence, Number.parseInt(name, 10));
    const segment: Segment = { path: join(dir, name), file: null, size: 0, records: 0, pending: 0 };
    const { records, damaged } = parseSegment(await readFile(segment.path));
    for (const found of records) recovered.push(track(segment, found));
    for (const { offset, bytes } of damaged) {
      const place = join(dir, 'dead', `${name}-${offset}.damaged`);
      await writeFile(place, bytes, { mode: 0o600, flush: true });
      onDamage(`${bytes.length} bytes at ${offset} of ${segment.path} are damaged; they are in ${place}`);
    }
    if (segment.pending === 0) await rm(segment.path, { force: true });
  }

  async function segmentForWriting(): Promise<Segment & { file: FileHandle }> {
    if (active?.file && active.size < SEGMENT_BYTES && active.records < SEGMENT_RECORDS) {
      return active as Segment & { file: FileHandle };
    }
    await retire();
    sequence += 1;
    const path = join(dir, `${String(sequence).padStart(10, '0')}.spool`);
    const file = await open(path, 'wx', 0o600);
    active = { path, file, size: 0, records: 0, pending: 0 };
    await syncDirectory(dir);
    return active as Segment & { file: FileHandle };
  }

  async function retire(): Promise<void> {
    const segment = active;
    active = null;
    await segment?.file?.close();
    if (segment) segment.file = null;
    if (segment?.pending === 0) await rm(segment.path, { force: true });
  }

  async function write(meta: SpoolMeta, bytes: Buffer): Promise<SpoolRecord> {
    // What a record says of its batch counts too: it holds answers to senders.
    const head = encodeHead(meta, bytes);
    const size = head.length + bytes.length;
    if (total + size > maxBytes) {
      throw new Fault('spool-full', `the spool holds ${total} bytes, its bound is ${maxBytes}`);
    }
    const segment = await segmentForWriting();
    const at = segment.size;
    try {
      await writeFully(segment.file, [head, bytes], at);
      await segment.file.datasync();
    } catch (cause) {
      // A torn record in the middle would hide those after it, so this segment takes no more.
      await segment.file.truncate(at).catch(() => undefined);
      await retire();
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'ENOSPC' || code === 'EDQUOT') {
        throw new Fault('disk-full', `the disk that holds ${dir} is full (${await freeSpace(dir)})`, { cause });
      }
      throw new Fault('spool-failed', `cannot write to ${segment.path}`, { cause });
    }
    segment.size = at + size;
    segment.records += 1;
    const crc = head.readUInt32BE(12);
    return track(segment, { meta, offset: at + head.length, length: bytes.length, size, crc });
  }

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  }

  async function release(record: SpoolRecord): Promise<void> {
    const place = home.get(record);
    if (place === undefined) return;
    home.delete(record);
    place.segment.pending -= 1;
    total -= place.bytes;
    if (place.segment.pending > 0) return;
    if (place.segment === active) void inOrder(() => empty(place.segment)).catch(() => undefined);
    else await rm(place.segment.path, { force: true });
  }

  /**
   * Forgets what is done in the segment that is being written, so that a restart stores it again only while the store
   * surely still knows its tokens.
   */
  async function empty(segment: Segment): Promise<void> {
    if (segment !== active || segment.pending > 0 || segment.file === null) return;
    await segment.file.truncate(0);
    segment.size = 0;
    segment.records = 0;
  }

  return {
    recovered,
    append: (meta, bytes) => inOrder(() => write(meta, bytes)),
    done: (record) => release(record),
    bury: async (record, reason) => {
      const path = join(dir, 'dead', `${record.meta.token.replace(/[^\w.-]/g, '_')}.json`);
      // Damaged or not: what is left of it may tell somebody something.
      const bytes = (await home.get(record)?.raw()) ?? Buffer.alloc(0);
      const text = JSON.stringify({ reason, meta: record.meta, body: bytes.toString('base64') });
      const file = await open(`${path}.part`, 'w', 0o600);
      await file.writeFile(text);
      await file.sync();
      await file.close();
      await rename(`${path}.part`, path);
      await release(record);
    },
    depth: () => ({ records: home.size, bytes: total }),
    close: () => inOrder(retire),
  };
}

function encodeHead(meta: SpoolMeta, bytes: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(meta));
  const head = Buffer.allocUnsafe(HEADER_BYTES + json.length);
  head.writeUInt32BE(MAGIC, 0);
  head.writeUInt32BE(json.length, 4);
  head.writeUInt32BE(bytes.length, 8);
  head.writeUInt32BE(crc32(bytes, crc32(json)), 12);
  json.copy(head, HEADER_BYTES);
  return head;
}

function checksum(meta: SpoolMeta, bytes: Buffer): number {
  return crc32(bytes, crc32(Buffer.from(JSON.stringify(meta))));
}

/** A record in a segment: where its bytes are, and the checksum of meta and bytes. */
interface Found {
  meta: SpoolMeta;
  /** Where the batch's bytes are. */
  offset: number;
  length: number;
  /** Bytes of the whole record. */
  size: number;
  crc: number;
}

/**
 * The whole records of a segment, and what is damaged. A damaged record is passed over by the length it gives, never by
 * looking for the next beginning, because what senders wrote could be made to look like one. A torn end is neither.
 */
export function parseSegment(data: Buffer): { records: Found[]; damaged: { offset: number; bytes: Buffer }[] } {
  const records: Found[] = [];
  const damaged: { offset: number; bytes: Buffer }[] = [];
  for (let at = 0; at + HEADER_BYTES <= data.length; ) {
    const isHead = data.readUInt32BE(at) === MAGIC;
    const offset = at + HEADER_BYTES + data.readUInt32BE(at + 4);
    const length = data.readUInt32BE(at + 8);
    const end = offset + length;
    if (isHead && end > data.length) break;
    const json = data.subarray(at + HEADER_BYTES, offset);
    const crc = data.readUInt32BE(at + 12);
    if (isHead && crc32(data.subarray(offset, end), crc32(json)) === crc) {
      records.push({ meta: JSON.parse(json.toString()) as SpoolMeta, offset, length, size: end - at, crc });
    } else damaged.push({ offset: at, bytes: data.subarray(at, isHead ? end : data.length) });
    at = isHead ? end : data.length;
  }
  return { records, damaged };
}

/** Writes all of it: a disk that is nearly full takes a part first, and that is no error yet. */
async function writeFully(file: FileHandle, parts: readonly Buffer[], at: number): Promise<void> {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  let { bytesWritten: done } = await file.writev([...parts], at);
  if (done === total) return;
  const rest = Buffer.concat(parts);
  while (done < total) {
    const { bytesWritten } = await file.write(rest, done, total - done, at + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing more can be written'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}

/** What is there of a range; less than `length` bytes where the file ends before. */
async function readRange(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}

async function freeSpace(dir: string): Promise<string> {
  const info = await statfs(dir).catch(() => null);
  return info === null ? 'free space unknown' : `${Math.floor((info.bavail * info.bsize) / 1048576)} MiB free`;
}
