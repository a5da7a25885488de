import type { Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ZstdFrames } from '../../flow/zstd-frames.ts';
import { Fault, UsageFault } from '../../model/fault.ts';
import type { Refusal } from '../../model/request.ts';
import { explain } from './explain.ts';

export { followFile } from './follow.ts';
export { expandPaths } from './paths.ts';

/** A log opened for reading once, decompressed. */
export interface LogSource {
  /** The path as given, `stdin` for `-`. */
  name: string;
  /** Bytes on disk (compressed); undefined for what has no size, such as a pipe. */
  size: number | undefined;
  /** Bytes on disk read so far. */
  consumed(): number;
  /** The decompressed bytes, to be read once. */
  stream: AsyncIterable<Uint8Array>;
  /** After the stream's end: why the compressed data ended early (`truncated`) or could not be read on (`damaged`). */
  fault(): Refusal | null;
}

/** Bytes asked of the disk at a time. */
const READ_SIZE = 256 * 1024;
/** Compressed bytes given to a decompressor at a time: they may become a thousand times as many. */
const COMPRESSED_PIECE = 64 * 1024;

/**
 * Opens a log: a file, or standard input for `-`. gzip (of any number of members) and zstd are recognised by their first
 * bytes, never by name. Compressed data that ends early yields all that came before, damaged data all but the last
 * few KiB before the damage; `fault()` then tells.
 * Throws UsageFault for what cannot be opened and Fault(`unsupported-compression`) for xz, bzip2 and zip, when read.
 */
export async function openSource(path: string): Promise<LogSource> {
  if (path === '-') return sourceOf('stdin', undefined, process.stdin as AsyncIterable<Buffer>);
  let handle: FileHandle;
  let stats: Stats;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw new UsageFault(`cannot open ${path}: ${explain(error)}`);
  }
  try {
    stats = await handle.stat();
  } catch (error) {
    await handle.close();
    throw error;
  }
  if (stats.isDirectory()) {
    await handle.close();
    throw new UsageFault(`${path} is a directory`);
  }
  return sourceOf(path, stats.isFile() ? stats.size : undefined, readAll(handle));
}

/** A log that arrives as a stream of bytes, compressed or not, such as the body of a request. */
export function sourceOf(name: string, size: number | undefined, raw: AsyncIterable<Buffer>): LogSource {
  let consumed = 0;
  let fault: Refusal | null = null;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of raw) {
      consumed += chunk.length;
      yield chunk;
    }
  }
  const onFault = (found: Refusal) => {
    fault = found;
  };
  return { name, size, consumed: () => consumed, stream: decompressed(name, counted(), onFault), fault: () => fault };
}

async function* readAll(handle: FileHandle): AsyncGenerator<Buffer> {
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(READ_SIZE), 0, READ_SIZE, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function* decompressed(
  name: string,
  raw: AsyncGenerator<Buffer>,
  onFault: (fault: Refusal) => void,
): AsyncGenerator<Uint8Array> {
  const [head, rest] = await peek(raw, 6);
  try {
    const decoder = decoderFor(name, head);
    if (decoder === null) yield* rest;
    else yield* inflate(name, rest, head, decoder, onFault);
  } finally {
    await raw.return(undefined);
  }
}

/** The first bytes of a stream (fewer if it is shorter), and the whole stream. */
async function peek(raw: AsyncGenerator<Buffer>, length: number): Promise<[Buffer, AsyncGenerator<Buffer>]> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < length) {
    const { done, value } = await raw.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* raw;
  }
  return [head, whole()];
}

/** The decompressor for a stream that begins so; null for what is not compressed. */
function decoderFor(name: string, head: Buffer): (() => Transform) | null {
  const hex = head.toString('hex', 0, 6);
  if (hex.startsWith('1f8b')) return () => createGunzip({ chunkSize: 32 * 1024 });
  if (isZstd(head)) return () => createZstdDecompress({ chunkSize: READ_SIZE });
  const other =
    hex === 'fd377a585a00' ? 'xz' : hex.startsWith('425a68') ? 'bzip2' : hex.startsWith('504b0304') ? 'zip' : '';
  if (other === '') return refuseUnreadable(name, hex);
  throw new Fault('unsupported-compression', `${name} is ${other}-compressed: decompress it first, or pipe it in as -`);
}

/** What would be taken for text, and is none that could be read here. */
function refuseUnreadable(name: string, hex: string): null {
  if (hex.startsWith('5047444d50')) {
    const what = 'is a dump of PostgreSQL in its custom format, which is compressed within';
    throw new Fault('unsupported-compression', `${name} ${what}: write it as text (pg_dump --format=plain)`);
  }
  if (hex.startsWith('fffe') || hex.startsWith('feff')) {
    throw new Fault('unsupported-compression', `${name} is text in UTF-16: convert it to UTF-8 first`);
  }
  return null;
}

function isZstd(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) === 0xfd2fb528 || (head.readUInt32LE(0) & ~15) === 0x184d2a50);
}

async function* inflate(
  name: string,
  raw: AsyncIterable<Buffer>,
  head: Buffer,
  create: () => Transform,
  onFault: (fault: Refusal) => void,
): AsyncGenerator<Uint8Array> {
  const frames = isZstd(head) ? new ZstdFrames() : null;
  let decoder: Decoder | undefined;
  try {
    for await (const chunk of raw) {
      for (let at = 0; at < chunk.length; at += COMPRESSED_PIECE) {
        const bytes = chunk.subarray(at, at + COMPRESSED_PIECE);
        for (const piece of frames === null ? [{ bytes, ends: false }] : frames.push(bytes)) {
          decoder ??= new Decoder(create());
          yield* await decoder.write(piece.bytes);
          if (piece.ends && decoder.failed === undefined) {
            yield* await decoder.end();
            if (decoder.failed === undefined) decoder = undefined;
          }
          if (decoder?.failed !== undefined) return onFault(explainDamage(name, decoder.failed));
        }
      }
    }
    if (decoder !== undefined) yield* await decoder.end();
    if (decoder?.failed !== undefined) onFault(explainDamage(name, decoder.failed));
    else if (frames?.open === true) onFault(explainDamage(name, new Error('unexpected end')));
  } finally {
    decoder?.close();
  }
}

/**
 * A decompressor asked piece by piece. Its own stream would drop what it has ready when it meets damage, so its output
 * is taken after every piece.
 */
class Decoder {
  failed: NodeJS.ErrnoException | undefined;
  readonly #stream: Transform;
  #ready: Buffer[] = [];
  #wake = () => {};

  constructor(stream: Transform) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#ready.push(chunk));
    stream.on('end', () => this.#wake());
    stream.on('error', (error) => {
      this.failed = error;
      this.#wake();
    });
  }

  async write(bytes: Buffer): Promise<Buffer[]> {
    await this.#settled((done) => this.#stream.write(bytes, done));
    return this.#take();
  }

  async end(): Promise<Buffer[]> {
    await this.#settled(() => this.#stream.end());
    this.close();
    return this.#take();
  }

  close(): void {
    this.#stream.destroy();
  }

  #settled(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      start(resolve);
    });
  }

  #take(): Buffer[] {
    const taken = this.#ready;
    this.#ready = [];
    return taken;
  }
}

function explainDamage(name: string, error: NodeJS.ErrnoException): Refusal {
  const early = error.code === 'Z_BUF_ERROR' || /unexpected end|truncated|incomplete/i.test(error.message);
  return early
    ? { refused: 'truncated', detail: `the compressed data of ${name} ends early` }
    : { refused: 'damaged', detail: `the compressed data of ${name} cannot be read on: ${error.message}` };
}
