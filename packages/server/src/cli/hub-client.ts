import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '@vedette/contract';
import { findSocket } from '../expose/control-socket.ts';
import { Fault, UsageFault } from '../model/fault.ts';

const PAGE = 1000;

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  json?: unknown;
}

/** The running hub, through its control socket. */
export interface HubClient {
  /** The answer's JSON, undefined when it has none. Throws a UsageFault or Fault with what the hub says against it. */
  call<T>(call: Call): Promise<T>;
  /** All entries of a list, page by page: what stands under `name` in its answers. */
  list<T>(call: Call, name: string): Promise<T[]>;
  /** Streams a body and hands over the answer line by line while it goes. */
  stream(
    call: Call,
    body: AsyncIterable<Uint8Array>,
    onLine: (line: string) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /** The answer's bytes as they come. They end with a Fault `hub-gone` where the hub broke off. */
  download(call: Call): Promise<AsyncIterable<Buffer> & { destroy(): void }>;
}

/** The hub that runs on a data directory. Throws a Fault `no-hub` that says how to start one. */
export async function connectToHub(data: string): Promise<HubClient> {
  const socketPath = await findSocket(data);
  const begin = ({ method, path, query, json }: Call, headers: Record<string, string>, signal?: AbortSignal) => {
    const given = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = new URLSearchParams(given).toString();
    const message = request({
      socketPath,
      method,
      path: search === '' ? path : `${path}?${search}`,
      headers: { host: 'localhost', ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(signal === undefined ? {} : { signal }),
    });
    return message;
  };
  const client: HubClient = {
    async call<T>(call: Call): Promise<T> {
      const body = call.json === undefined ? undefined : JSON.stringify(call.json);
      // Without its length, the body of a DELETE would be taken for another request.
      const message = begin(call, body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) });
      message.end(body);
      const answer = await answerOf(message, data);
      const text = await textOf(answer);
      if ((answer.statusCode ?? 0) >= 400) throw faultOf(text, answer.statusCode, CALL_USAGE);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    async list<T>(call: Call, name: string): Promise<T[]> {
      const all: T[] = [];
      let cursor: string | undefined;
      do {
        const query = { ...call.query, limit: String(PAGE), cursor };
        const page = await client.call<{ next: string | null } & Record<string, unknown>>({ ...call, query });
        all.push(...(page[name] as T[]));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return all;
    },
    async stream(call, body, onLine, signal) {
      const headers = { accept: 'application/x-ndjson', 'content-type': 'application/octet-stream' };
      const message = begin(call, headers, signal);
      // The hub may answer, and stop reading, before it has everything; what it says then counts, not the broken pipe.
      const sent = pipeline(body, message).then(
        () => null,
        (error: unknown) => error,
      );
      const answer = await answerOf(message, data);
      if ((answer.statusCode ?? 0) >= 400) throw faultOf(await textOf(answer), answer.statusCode);
      try {
        for await (const line of createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })) onLine(line);
      } catch (error) {
        throw isBrokenPipe(error) && signal?.aborted !== true ? hubWentAway(data) : error;
      }
      const failure = await sent;
      if (failure !== null && !answer.complete && isBrokenPipe(failure) && signal?.aborted !== true) {
        throw hubWentAway(data);
      }
      if (failure !== null && !(answer.complete && isBrokenPipe(failure))) throw failure;
    },
    async download(call) {
      const body = call.json === undefined ? undefined : JSON.stringify(call.json);
      const message = begin(call, body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) });
      message.end(body);
      const answer = await answerOf(message, data);
      if ((answer.statusCode ?? 0) >= 400) throw faultOf(await textOf(answer), answer.statusCode);
      // Who does not read to the end does not want to know how it ends.
      answer.on('error', () => undefined);
      return {
        async *[Symbol.asyncIterator]() {
          try {
            for await (const piece of answer) yield piece as Buffer;
          } catch (error) {
            throw isBrokenPipe(error) ? hubWentAway(data) : error;
          }
        },
        destroy: () => void answer.destroy(),
      };
    },
  };
  await client.call({ method: 'GET', path: '/healthz' });
  return client;
}

function isBrokenPipe(error: unknown): boolean {
  return ['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

function answerOf(message: ClientRequest, data: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    message.once('response', resolve);
    message.on('error', (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTDIR';
      const closed = error.code === 'EACCES' || error.code === 'EPERM';
      if (gone) reject(noHub(data));
      else if (isBrokenPipe(error) && error.name !== 'AbortError') reject(hubWentAway(data));
      else if (closed) reject(closedTo(data));
      else reject(error);
    });
  });
}

function hubWentAway(data: string): Fault {
  return new Fault(
    'hub-gone',
    `the hub on ${data} went away before it had answered. What it stored stays; start it again, and the same command goes on`,
  );
}

/** The directory is its owner's alone, so that not even whether a hub runs there can be seen. */
function closedTo(data: string): Fault {
  const uid = process.getuid?.();
  return new Fault(
    'permission',
    `${data} may not be looked into by this user (uid ${uid}), so a hub that may be running there cannot be reached; run the command as the user of the hub`,
  );
}

function noHub(data: string): Fault {
  return new Fault(
    'no-hub',
    `no hub is running on ${data}. Start it with "npx vedette serve" (or npm start), or say where it is with --data`,
  );
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Statuses by which the hub says that what was written is wrong; any other one says that it cannot be done. */
const USAGE: readonly number[] = [400, 404];
/** Of a call without a file: what cannot be as it is written was written on the command line. */
const CALL_USAGE: readonly number[] = [...USAGE, 422];

/** What the hub says against a call, as the command says it. */
export function faultOf(text: string, status = 500, usage = USAGE): Fault {
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(text) as Partial<Problem>;
  } catch {
    // Not from the hub; the status has to do.
  }
  const code = problem.type?.split(':').at(-1) ?? 'hub-failed';
  const detail = problem.detail ?? `the hub answered ${status}`;
  return usage.includes(status) ? new UsageFault(detail, code) : new Fault(code, detail);
}
