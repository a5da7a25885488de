import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Rotation {
  /** A log is closed after as many ms, and after as many bytes; 0 for never. */
  ms: number;
  bytes: number;
  /** Closed logs that stay. */
  keep: number;
}

export interface LogFileOptions {
  dir: string;
  /** `http` for `http.log`, and `http.2026-11-25-13-00-00.log` once it is closed. */
  name: string;
  header(opened: Date): string;
  footer(closed: Date): string;
  rotation: Rotation;
  onError(error: Error): void;
}

/** A log that is written in the background and rotated. What cannot be written is lost, and told. */
export interface LogFile {
  append(text: string): void;
  /** Resolves when all that was appended is written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Text that may wait for a slow disk; beyond it, what comes is lost. */
const MOST_WAITING = 64 * 1024 * 1024;

interface Current {
  file: FileHandle;
  opened: Date;
  bytes: number;
}

export function openLogFile(options: LogFileOptions): LogFile {
  const { dir, name, rotation } = options;
  const path = join(dir, `${name}.log`);
  let current: Current | null = null;
  let waiting = '';
  let lost = 0;
  let closed = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function begin(): Promise<Current> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await setAside();
    const opened = new Date();
    const file = await open(path, 'a', 0o600);
    const header = options.header(opened);
    await file.appendFile(header);
    if (rotation.ms > 0) {
      timer = setTimeout(() => void rotate(), rotation.ms);
      timer.unref();
    }
    return { file, opened, bytes: Buffer.byteLength(header) };
  }

  /** What a process that ended without closing its log left. */
  async function setAside(): Promise<void> {
    const left = await stat(path).catch(() => null);
    if (left === null) return;
    if (left.size === 0) return void (await rm(path));
    const head = await beginningOf(path);
    const opened = /^#open\t(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)$/m.exec(head);
    const since = opened === null ? left.birthtime : new Date(Date.UTC(...(times(opened) as [number, number])));
    await rename(path, await freeName(since));
  }

  async function freeName(opened: Date): Promise<string> {
    const base = join(dir, `${name}.${stampOf(opened)}`);
    for (let i = 0; ; i += 1) {
      const free = i === 0 ? `${base}.log` : `${base}-${i + 1}.log`;
      if ((await stat(free).catch(() => null)) === null) return free;
    }
  }

  async function end(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (current === null) return;
    const { file, opened } = current;
    current = null;
    try {
      await file.appendFile(options.footer(new Date()));
    } finally {
      await file.close();
    }
    await rename(path, await freeName(opened));
    await prune();
  }

  async function prune(): Promise<void> {
    if (!Number.isFinite(rotation.keep)) return;
    const pattern = new RegExp(`^${name}\\.\\d{4}(?:-\\d\\d){5}(?:-\\d+)?\\.log$`);
    const old = (await readdir(dir)).filter((file) => pattern.test(file)).sort();
    for (const file of old.slice(0, Math.max(0, old.length - rotation.keep)))
      await rm(join(dir, file), { force: true });
  }

  async function write(): Promise<void> {
    while (waiting !== '') {
      const text = waiting;
      waiting = '';
      try {
        current ??= await begin();
        await current.file.appendFile(text);
        current.bytes += Buffer.byteLength(text);
        if (rotation.bytes > 0 && current.bytes >= rotation.bytes) await end();
      } catch (error) {
        options.onError(error as Error);
        await current?.file.close().catch(() => undefined);
        current = null;
      }
    }
    if (lost > 0) options.onError(new Error(`${lost} characters of ${path} are lost: the disk is too slow`));
    lost = 0;
  }

  /** One thing after the other. */
  function next(work: () => Promise<void>): Promise<void> {
    const turn = (running ?? Promise.resolve()).then(work).catch((error: unknown) => options.onError(error as Error));
    running = turn;
    return turn;
  }

  const rotate = (): Promise<void> => next(end);

  return {
    append(text) {
      if (closed) return;
      if (waiting.length + text.length > MOST_WAITING) {
        lost += text.length;
        return;
      }
      // What is being written already goes on with it.
      const first = waiting === '';
      waiting += text;
      if (first) void next(write);
    },
    flush: () => next(write),
    async close() {
      closed = true;
      await next(write);
      await rotate();
    },
  };
}

/** As Zeek writes times of logs, and names rotated ones; UTC. */
export function stampOf(time: Date): string {
  return time.toISOString().slice(0, 19).replace(/[T:]/g, '-');
}

/** Year, month, day, hour, minute and second of a match, the month from 0. */
function times(match: RegExpExecArray): number[] {
  const [year = 0, month = 1, ...rest] = match.slice(1).map(Number);
  return [year, month - 1, ...rest];
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1000), 0, 1000, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
