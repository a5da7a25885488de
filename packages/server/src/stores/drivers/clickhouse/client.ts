import { type FileHandle, mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { messageOf } from '../../../model/causes.ts';
import { Fault } from '../../../model/fault.ts';
import { createGate } from './gate.ts';
import { createLanes } from './lanes.ts';
import { watchRoom } from './room.ts';

/** Where ClickHouse is: a directory for the engine inside this process, or the URL of a server. */
export type ClickHousePlace = { path: string } | { url: string };

/** Settings of one statement. They stand in its text, because `SET` would outlive it in an embedded session. */
export type Settings = Record<string, string | number>;

/** Values for `{name:Type}` in a statement. */
export type Params = Record<string, string | number | bigint>;

export interface InsertOptions {
  table: string;
  /** Columns in the order of the bytes. */
  columns: readonly string[];
  /** Lines of tab-separated values. */
  bytes: Buffer;
  settings?: Settings;
}

/** A block of the Native format; it names its columns. */
export type BlockOptions = Omit<InsertOptions, 'columns'>;

/** One ClickHouse, embedded or remote, behind `@clickhouse/client`. Statements name tables without their database. */
export interface ClickHouse {
  readonly embedded: boolean;
  /** Rows of a SELECT; 64-bit integers come as numbers unless the statement turns them into text. */
  query<Row>(sql: string, params?: Params, settings?: Settings): Promise<Row[]>;
  /** A statement without a result. */
  command(sql: string): Promise<void>;
  /** A statement that takes a partition away or puts another in its place: for `betweenInserts` it is as an INSERT. */
  alterPartition(sql: string): Promise<void>;
  insert(options: InsertOptions): Promise<void>;
  /** Embedded, the block waits in a file for as long as its INSERT takes; never give it raw addresses. */
  insertBlock(options: BlockOptions): Promise<void>;
  /** Runs `work` between two INSERTs: those under way end before, those that come wait. Those of this process only. */
  betweenInserts<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for what is under way, then closes. */
  close(): Promise<void>;
}

export const DATABASE = 'vedette';
// A connection of the embedded engine runs one statement at a time, on a thread of the libuv pool.
const EMBEDDED_WRITERS = 3;
const EMBEDDED_READERS = 3;
const REMOTE_CONNECTIONS = 32;
const REMOTE_TIMEOUT_MS = 60_000;
const INBOX = 'vedette-inbox';
const READ_SETTINGS: Settings = {
  max_execution_time: 30,
  max_memory_usage: 2_000_000_000,
  max_bytes_before_external_group_by: 1_000_000_000,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
};

/**
 * Opens ClickHouse and makes sure that its database is there. Faults: `engine-unsupported` (no build of the embedded
 * engine for this platform), `data-in-use` (another process has the directory), `store-unreachable` (the server does
 * not answer, or refuses).
 */
export async function openClickHouse(place: ClickHousePlace): Promise<ClickHouse> {
  return 'path' in place ? openEmbedded(place.path) : openRemote(place.url);
}

async function openEmbedded(path: string): Promise<ClickHouse> {
  const { createChdbConnection, drainPending } = await loadEngine();
  await mkdir(path, { recursive: true, mode: 0o700 });
  const clients: ClickHouseClient[] = [];
  const connect = async () => {
    let connection: unknown;
    try {
      connection = createChdbConnection({ path });
    } catch (error) {
      throw await openingFault(path, error);
    }
    const client = createClient({ connection } as Parameters<typeof createClient>[0]);
    clients.push(client);
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE}` });
    await client.command({ query: `USE ${DATABASE}` });
    return client;
  };
  const connectAll = async (count: number) => {
    const made: ClickHouseClient[] = [];
    for (let index = 0; index < count; index += 1) made.push(await connect());
    return createLanes(made);
  };
  const writers = await connectAll(EMBEDDED_WRITERS);
  const readers = await connectAll(EMBEDDED_READERS);
  const inbox = await openInbox(path);
  const gate = createGate();
  const command = (sql: string) => writers.run(async (client) => void (await client.command({ query: sql })));
  const room = watchRoom({ path, holdMerges: (hold) => command(hold ? 'SYSTEM STOP MERGES' : 'SYSTEM START MERGES') });
  return {
    embedded: true,
    query: (sql, params, settings) => readers.run((client) => select(client, sql, params, settings)),
    command,
    alterPartition: (sql) => gate.pass(() => command(sql)),
    insert: (options) =>
      gate.pass(() =>
        writers.run(async (client) => {
          await room.check();
          await insertBody(client, intoText(options), options.bytes);
        }),
      ),
    insertBlock: (options) =>
      gate.pass(() =>
        writers.run(async (client) => {
          await room.check();
          await inbox.through(options.bytes, (file) => insertFile(client, options, file));
        }),
      ),
    betweenInserts: (work) => gate.alone(work),
    async close() {
      await room.close();
      await Promise.all([writers.close(), readers.close()]);
      await inbox.close();
      for (const client of clients) await client.close();
      await drainPending();
    },
  };
}

async function openRemote(url: string): Promise<ClickHouse> {
  const { address, database } = splitDatabase(url);
  const options = {
    url: address,
    request_timeout: REMOTE_TIMEOUT_MS,
    max_open_connections: REMOTE_CONNECTIONS,
    compression: { request: true, response: true },
    // Faults reach the caller, who logs them.
    log: { level: ClickHouseLogLevel.OFF },
  };
  const bootstrap = createClient(options);
  try {
    await bootstrap.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)}` });
  } catch (error) {
    throw new Fault('store-unreachable', `ClickHouse at ${withoutSecrets(url)}: ${messageOf(error)}`, { cause: error });
  } finally {
    await bootstrap.close();
  }
  const client = createClient({ ...options, database });
  const gate = createGate();
  const command = async (sql: string) => void (await client.command({ query: sql }));
  return {
    embedded: false,
    query: (sql, params, settings) => select(client, sql, params, settings),
    command,
    alterPartition: (sql) => gate.pass(() => command(sql)),
    insert: (rows) => gate.pass(() => insertBody(client, intoText(rows), rows.bytes)),
    insertBlock: ({ table, bytes, settings }) =>
      gate.pass(() => insertBody(client, `INSERT INTO ${table}${settingsClause(settings)} FORMAT Native`, bytes)),
    betweenInserts: (work) => gate.alone(work),
    close: () => client.close(),
  };
}

async function select<Row>(
  client: ClickHouseClient,
  sql: string,
  params: Params = {},
  settings: Settings = {},
): Promise<Row[]> {
  const query = `${sql}\nSETTINGS ${settingsText({ ...READ_SETTINGS, ...settings })}`;
  const result = await client.query({ query, query_params: params, format: 'JSONEachRow' });
  return result.json<Row>();
}

function intoText({ table, columns, settings }: InsertOptions): string {
  return `INSERT INTO ${table} (${columns.join(', ')})${settingsClause(settings)} FORMAT TabSeparated`;
}

async function insertBody(client: ClickHouseClient, query: string, bytes: Buffer): Promise<void> {
  const { stream } = await client.exec({ query, values: Readable.from([bytes]) });
  for await (const _ of stream) {
    // The answer to an INSERT is empty; reading it frees the connection.
  }
}

/** The embedded engine takes inline rows as text only, and ten times slower than from a file. */
async function insertFile(client: ClickHouseClient, { table, settings }: BlockOptions, file: string): Promise<void> {
  const into = `INSERT INTO ${table} FROM INFILE ${quoteText(file)} COMPRESSION 'none'`;
  await client.command({ query: `${into}${settingsClause(settings)} FORMAT Native` });
}

interface Inbox {
  /** Runs `use` while the bytes are in a file that is nobody else's. */
  through(bytes: Buffer, use: (file: string) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * In the data directory, or elsewhere if its path holds characters that ClickHouse would read as a pattern. The files
 * are kept and written over: to make and delete one for each INSERT costs more than to write it (ext4 is slow to give
 * out the inode of a file that was deleted a moment ago).
 */
async function openInbox(path: string): Promise<Inbox> {
  const own = join(path, INBOX);
  const elsewhere = /[*?{}[\]]/.test(own);
  const directory = elsewhere ? await mkdtemp(join(tmpdir(), `${INBOX}-`)) : own;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // What a kill left behind is in the spool as well, or was never acknowledged.
  for (const name of await readdir(directory)) await rm(join(directory, name), { force: true });
  const free: { path: string; file: FileHandle }[] = [];
  let count = 0;
  const take = async () => {
    const known = free.pop();
    if (known !== undefined) return known;
    count += 1;
    const file = join(directory, `${count}.native`);
    return { path: file, file: await open(file, 'wx', 0o600) };
  };
  return {
    async through(bytes, use) {
      const place = await take();
      try {
        for (let at = 0; at < bytes.length; ) {
          at += (await place.file.write(bytes, at, bytes.length - at, at)).bytesWritten;
        }
        await place.file.truncate(bytes.length);
        await use(place.path);
      } finally {
        // Rows are not to lie about once they are stored.
        await place.file.truncate(0).catch(() => undefined);
        free.push(place);
      }
    },
    async close() {
      for (const { path: file, file: handle } of free.splice(0)) {
        await handle.close();
        await rm(file, { force: true });
      }
      if (elsewhere) await rm(directory, { recursive: true, force: true });
    },
  };
}

async function loadEngine() {
  try {
    const [{ createChdbConnection }, { drainPending }] = await Promise.all([import('chdb/connection'), import('chdb')]);
    return { createChdbConnection, drainPending };
  } catch (error) {
    throw new Fault(
      'engine-unsupported',
      `the embedded ClickHouse has no build for ${process.platform} ${process.arch} (it needs Linux with glibc, or ` +
        `macOS) or is not installed; set CLICKHOUSE_URL to use a server: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** The engine prints why it cannot open a directory instead of saying it, so the lock it keeps there is asked. */
async function openingFault(path: string, error: unknown): Promise<Fault> {
  const status = await readFile(join(path, 'status'), 'utf8').catch(() => '');
  const holder = Number(/^PID: (\d+)$/m.exec(status)?.[1] ?? Number.NaN);
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    return new Fault('data-in-use', `another process (${holder}) is using the data in ${path}`, { cause: error });
  }
  return new Fault(
    'store-unreachable',
    `the embedded ClickHouse cannot open ${path}: ${messageOf(error)}; is it writable, with space left, and not in use?`,
    { cause: error },
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function settingsClause(settings: Settings | undefined): string {
  return settings === undefined || Object.keys(settings).length === 0 ? '' : ` SETTINGS ${settingsText(settings)}`;
}

function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quoteText(value)}`)
    .join(', ');
}

/** A string literal of ClickHouse SQL. For values that cannot be parameters: settings and file names. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function quoteIdentifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

function splitDatabase(url: string): { address: string; database: string } {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Fault('store-unreachable', 'CLICKHOUSE_URL is not a URL such as http://user:password@host:8123/vedette');
  }
  const database = decodeURIComponent(parsed.pathname.replace(/^\/+|\/+$/g, '')) || DATABASE;
  parsed.pathname = '/';
  return { address: parsed.toString(), database };
}

function withoutSecrets(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return `${parsed.protocol}//${parsed.host}`;
}

// Codes of faults that lie in the rows themselves (ErrorCodes.cpp): the same batch will never be taken.
const ABOUT_THE_ROWS = new Set(['6', '25', '26', '27', '33', '38', '41', '53', '69', '72', '117', '130', '131', '376']);

/** Whether an insert failed because of its rows, not because of the store: trying again cannot help. */
export function isAboutTheRows(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && ABOUT_THE_ROWS.has(code);
}
