import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ChdbConnection, createChdbConnection } from 'chdb/connection';

/**
 * What goes wrong with an INSERT of a batch. refuse: answered 500, not stored. lose: stored, and the connection breaks before the
 * answer. lie: answered as stored, and not stored. twice: stored a second time under another token.
 */
export type FrontTrouble = 'refuse' | 'lose' | 'lie' | 'twice';

/** A running front. */
export interface ClickHouseFront {
  url: string;
  /** The next so many INSERTs go wrong in that way; what was to go wrong before does no more. */
  trouble(kind: FrontTrouble, count: number): void;
  close(): Promise<void>;
}

/**
 * Speaks as much of ClickHouse's HTTP interface (https://clickhouse.com/docs/interfaces/http) as `@clickhouse/client`
 * uses, over the embedded engine: so that the way to a server is tested where there is none. For tests only: it knows
 * no users, and runs one statement at a time. What it cannot show is how a server differs from the embedded engine
 * (users, clusters, limits of its own).
 */
export async function startClickHouseFront(path: string): Promise<ClickHouseFront> {
  const connection = createChdbConnection({ path });
  let last: Promise<unknown> = Promise.resolve();
  const troubles: FrontTrouble[] = [];
  const server = createServer((request, response) => {
    const work = last.then(() => answer(connection, request, response, () => troubles.shift() ?? null));
    last = work.catch((error: unknown) => fail(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/vedette`,
    trouble: (kind, count) => void troubles.splice(0, Infinity, ...Array.from({ length: count }, () => kind)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await connection.close();
    },
  };
}

async function answer(
  connection: ChdbConnection,
  request: IncomingMessage,
  response: ServerResponse,
  nextTrouble: () => FrontTrouble | null,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://front');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] === 'gzip') body = gunzipSync(body);
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const database = url.searchParams.get('database');
  if (database !== null && database !== '') await connection.command({ query: `USE ${database}` });
  const statement = url.searchParams.get('query');
  if (statement !== null && body.length > 0) {
    const trouble = /^\s*INSERT INTO (?:requests|interactions)_in\b/.test(statement) ? nextTrouble() : null;
    if (trouble === 'refuse') throw new Error('Code: 241. DB::Exception: refused for a test. (MEMORY_LIMIT_EXCEEDED)');
    if (trouble !== 'lie') await insert(connection, statement, body);
    if (trouble === 'twice') await insert(connection, underAnotherToken(statement), body);
    if (trouble === 'lose') return void request.socket.destroy();
    return void response.end();
  }
  const params = Object.fromEntries(
    [...url.searchParams].filter(([name]) => name.startsWith('param_')).map(([name, value]) => [name.slice(6), value]),
  );
  const result = await run(connection, statement ?? body.toString('utf8'), params);
  response.setHeader('content-type', 'text/plain; charset=UTF-8');
  response.end(result);
}

/** An INSERT whose rows are the body: through a file, because the engine takes only text inline. */
async function insert(connection: ChdbConnection, statement: string, body: Buffer): Promise<void> {
  const parts = /^\s*(INSERT INTO \S+(?: \([^)]*\))?)( SETTINGS .*?)? FORMAT (\w+)\s*$/s.exec(statement);
  if (parts === null)
    throw new Error(`Code: 62. DB::Exception: not an INSERT the front knows: ${statement}. (SYNTAX_ERROR)`);
  const [, into = '', settings = '', format = ''] = parts;
  const file = join(await mkdtemp(join(tmpdir(), 'clickhouse-front-')), 'body');
  try {
    await writeFile(file, body);
    const query = `${into} FROM INFILE '${file}' COMPRESSION 'none'${settings} FORMAT ${format}`;
    await connection.command({ query });
  } finally {
    await rm(join(file, '..'), { recursive: true, force: true });
  }
}

function underAnotherToken(statement: string): string {
  return statement.replace(/(insert_deduplication_token = '[^']*)'/, "$1-again'");
}

/** The client has encoded the values as the HTTP interface wants them, which is what the engine's binder does, too. */
async function run(connection: ChdbConnection, sql: string, params: Record<string, string>): Promise<Buffer> {
  const query_params = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, unescape(value)]));
  const { stream } = await connection.exec({ query: sql, query_params });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const ESCAPED: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

function unescape(value: string): string {
  return value.replace(/\\(.)/gs, (_, char: string) => ESCAPED[char] ?? char);
}

function fail(response: ServerResponse, error: unknown): void {
  const { code, type, message } = error as { code?: string; type?: string; message?: string };
  response.statusCode = 500;
  if (code !== undefined) response.setHeader('x-clickhouse-exception-code', code);
  response.end(
    code === undefined ? String(message) : `Code: ${code}. DB::Exception: ${message}. (${type ?? 'UNKNOWN'})`,
  );
}
