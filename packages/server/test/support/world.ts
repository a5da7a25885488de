import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Environment, readConfig } from '../../src/config.ts';
import { type RunningHub, startHub } from '../../src/main.ts';
import { fillData } from './template.ts';
import { stopClock } from './world-database.ts';

/** A call as a test makes it; a body that is no text or bytes is sent as JSON. */
export interface Call {
  method?: string;
  /** An API key. */
  key?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // Tests look into answers of any shape.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  json: any;
}

export interface WorldTenant {
  id: string;
  slug: string;
  /** One key of each scope. */
  keys: { ingest: string; read: string; admin: string };
}

/** A whole hub of one's own, on a free port of loopback, in a directory that goes with it. */
export interface World {
  dir: string;
  url: string;
  running: RunningHub;
  /** A call over the network. */
  call(path: string, call?: Call): Promise<Answer>;
  /** A call over the control socket. */
  control(path: string, call?: Call): Promise<Answer>;
  /** A new tenant with a key of each scope. */
  tenant(slug: string): Promise<WorldTenant>;
  stop(): Promise<void>;
}

/**
 * Starts a world. `settings` are environment variables; none of the real ones are seen, and nobody outside is asked.
 * `data`: a data directory that is somebody else's to take away.
 */
export async function startWorld(settings: Environment = {}, data?: string): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-world-'));
  if (data === undefined) await fillData(join(dir, 'data'));
  const config = readConfig(
    { data: data ?? join(dir, 'data'), port: '0' },
    { VEDETTE_BREACHED_PASSWORDS_URL: 'off', ...settings },
  );
  const running = await startHub(config, '0.0.0-test', pino({ level: settings.VEDETTE_LOG_LEVEL ?? 'silent' })).catch(
    async (error: unknown) => {
      await rm(dir, { recursive: true, force: true });
      throw error;
    },
  );
  await stopClock(config);
  const { records } = running.hub;
  return {
    dir,
    url: running.url,
    running,
    call: (path, call = {}) => callUrl(`${running.url}${path}`, call),
    control: (path, call = {}) => callSocket(running.socketPath, path, call),
    async tenant(slug) {
      const tenant = await records.unscoped.tenants.create({ slug, name: slug });
      if ('refused' in tenant) throw new Error(tenant.detail);
      const key = async (scope: 'ingest' | 'read' | 'admin') =>
        (await records.forTenant(tenant.id).keys.create({ scope })).token;
      return {
        id: tenant.id,
        slug,
        keys: { ingest: await key('ingest'), read: await key('read'), admin: await key('admin') },
      };
    },
    async stop() {
      await running.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function prepare({ key, headers = {}, body }: Call): {
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
} {
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  return {
    headers: {
      ...(raw ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: raw ? (body as string | Uint8Array<ArrayBuffer> | undefined) : JSON.stringify(body),
  };
}

/** A call to any URL of a hub. */
export async function callUrl(url: string, call: Call): Promise<Answer> {
  const { headers, body } = prepare(call);
  const answer = await fetch(url, {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await readText(answer);
  return { status: answer.status, headers: answer.headers, text, json: parse(text) };
}

/** All of an answer; of a stream that goes on, what comes first. */
async function readText(answer: Response): Promise<string> {
  if (!isStream(answer.headers.get('content-type'))) return answer.text();
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return Buffer.from(value ?? []).toString();
}

const isStream = (type: string | null | undefined) => type?.startsWith('text/event-stream') === true;

function callSocket(socketPath: string, path: string, call: Call): Promise<Answer> {
  const { headers, body } = prepare(call);
  return new Promise((resolve, reject) => {
    const method = call.method ?? (body === undefined ? 'GET' : 'POST');
    const message = request(
      {
        socketPath,
        path,
        method,
        headers: {
          host: 'localhost',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) {
          chunks.push(chunk as Buffer);
          if (isStream(answer.headers['content-type'])) break;
        }
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers(answer.headers as Record<string, string>),
          text,
          json: parse(text),
        });
      },
    );
    message.on('error', reject);
    message.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
