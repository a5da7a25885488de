import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { ImportResult, Me, SourcesAnswer, TrafficAnswer } from '@vedette/contract';
import { ProblemError } from '../../server/src/expose/problem.ts';
import { readTrafficQuestion } from '../../server/src/expose/traffic-question.ts';
import { FIELDS } from '../../server/src/model/field.ts';
import { matcher, parseFilter } from '../../server/src/model/filter.ts';
import { isRefusal } from '../../server/src/model/request.ts';
import {
  answerTenant,
  emptyTenant,
  type FakeAnswer,
  type FakeScan,
  type FakeTenant,
  neverScanned,
} from './fake-tenant.ts';

/** One request by the names of the fields it is asked for, beside its time (ms) and client. */
export type FakeRequest = Record<string, string | number> & { time: number; client: string };

export interface FakeHub {
  url: string;
  /** What is stored, by tenant id. */
  requests: Map<string, FakeRequest[]>;
  /** What is known of sources, by tenant id. */
  sources: Map<string, SourcesAnswer>;
  /** What else is known, by tenant id; nothing of those that are not here. */
  tenants: Map<string, FakeTenant>;
  /** The last scan of the installation. */
  scan: FakeScan;
  /** Bodies that were sent, with the path and query they were sent to. */
  sent: { method: string; path: string; body: string }[];
  /** Who holds a key, by the key. */
  keys: Map<string, Me>;
  /** Every question asked, path and query. */
  asked: string[];
  /** Set to make the next answers of these paths fail: path prefix → problem. */
  failing: Map<string, { status: number; title: string; detail: string }>;
  /** Whether it takes no connection's question, as if its process were gone. */
  down: boolean;
  me: Me;
  close(): Promise<void>;
}

const STEPS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const DIST = join(import.meta.dirname, '../dist');

/**
 * The hub's API as far as the dashboard asks it, over rows in memory, for states a real hub is hard to bring into:
 * failures, no session, many tenants. It answers from the rows it holds, with the hub's own filter language.
 */
export async function startFakeHub(me: Me): Promise<FakeHub> {
  const server = createServer((request, response) => void answer(request, response));
  const hub: FakeHub = {
    url: '',
    requests: new Map(),
    sources: new Map(),
    tenants: new Map(),
    scan: neverScanned(),
    sent: [],
    keys: new Map(),
    asked: [],
    failing: new Map(),
    down: false,
    me,
    close: () => new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', hub.url);
    if (hub.down) return void request.socket.destroy();
    const asset = !url.pathname.startsWith('/api/') && url.pathname !== '/browser/snippet';
    if (asset) return serveFile(url.pathname, response);
    hub.asked.push(url.pathname + url.search);
    const failure = [...hub.failing].find(([prefix]) => url.pathname.startsWith(prefix))?.[1];
    if (failure !== undefined) return send(response, failure.status, { type: 'about:blank', ...failure });
    const rows = hub.requests.get(url.searchParams.get('tenant') ?? '') ?? [];
    switch (url.pathname) {
      case '/api/v1/me': {
        const { authorization } = request.headers;
        const holder = authorization === undefined ? hub.me : hub.keys.get(authorization.replace('Bearer ', ''));
        if (holder !== undefined) return send(response, 200, holder);
        return send(response, 401, { type: 'about:blank', title: 'Unauthorized', status: 401 });
      }
      case '/api/v1/fields':
        return send(response, 200, { fields: FIELDS, metrics: [], steps: [] });
      case '/api/v1/status': {
        const times = rows.map(({ time }) => time).sort((a, b) => a - b);
        const at = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
        return send(response, 200, {
          version: '0',
          requests: { first: at(times[0]), last: at(times.at(-1)) },
          hub: null,
        });
      }
      case '/api/v1/traffic':
        return answerTraffic(rows, url.searchParams, response);
      case '/api/v1/sources':
        return send(
          response,
          200,
          hub.sources.get(url.searchParams.get('tenant') ?? '') ?? { sources: [], first_request: null },
        );
      case '/api/v1/imports':
        return takeFile(request, response, url.searchParams, hub);
      default:
        return answerOther(request, response, url);
    }
  }

  async function answerOther(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const id = url.searchParams.get('tenant') ?? '';
    const tenant = hub.tenants.get(id) ?? emptyTenant();
    hub.tenants.set(id, tenant);
    const body = await readBody(request);
    if (request.method !== 'GET')
      hub.sent.push({ method: request.method ?? '', path: url.pathname + url.search, body });
    const answered = answerTenant({
      request,
      url,
      body,
      tenant,
      admin: hub.me.principal.scope === 'admin',
      operator: hub.me.principal.scope === 'admin' && hub.me.tenants.some(({ installation }) => installation),
      scan: hub.scan,
      now: Date.now(),
    });
    if (answered === null) return send(response, 404, { type: 'about:blank', title: 'Not found', status: 404 });
    sendAnswer(response, answered);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return hub;
}

function send(response: ServerResponse, status: number, body: object): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

function sendAnswer(response: ServerResponse, { status, body, type, fileName }: FakeAnswer): void {
  if (typeof body === 'object') return send(response, status, body);
  response.writeHead(status, {
    ...(type !== undefined && { 'content-type': type }),
    ...(fileName !== undefined && { 'content-disposition': `attachment; filename="${fileName}"` }),
  });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The built dashboard, under the strict policy a hub serves it with; a path that names no file is the page itself. */
async function serveFile(path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) === '' ? '/index.html' : path;
  try {
    const body = await readFile(join(DIST, name));
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Refuses what the hub refuses, in its words. */
function answerTraffic(rows: readonly FakeRequest[], parameters: URLSearchParams, response: ServerResponse): void {
  try {
    readTrafficQuestion({ where: parameters.getAll('where') }, Date.now());
  } catch (error) {
    if (error instanceof ProblemError) return send(response, 400, error.problem);
    throw error;
  }
  send(response, 200, traffic(rows, parameters));
}

function traffic(rows: readonly FakeRequest[], parameters: URLSearchParams): TrafficAnswer {
  const from = Date.parse(parameters.get('from') ?? '');
  const to = Date.parse(parameters.get('to') ?? '');
  const tests = parameters.getAll('where').map((text) => {
    const filter = parseFilter(text);
    if (isRefusal(filter)) throw new Error(filter.detail);
    const matches = matcher(filter);
    return (row: FakeRequest) => matches(row[filter.field] ?? '');
  });
  const by = parameters.get('by');
  const step = STEPS[by ?? ''];
  const groups = new Map<string | number, FakeRequest[]>();
  if (by === null) groups.set('', []);
  for (const row of rows) {
    if (row.time < from || row.time >= to || !tests.every((test) => test(row))) continue;
    const key = by === null ? '' : step === undefined ? (row[by] ?? '') : Math.floor(row.time / step) * step;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  const answered = [...groups].map(([key, group]) => ({
    ...(by === null ? {} : { [by]: step === undefined ? key : new Date(Number(key)).toISOString() }),
    ...figures(group),
  }));
  answered.sort((a, b) => (step === undefined ? b.requests - a.requests : 0));
  return {
    window: { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    rows: answered.slice(0, Number(parameters.get('limit') ?? 100)),
    source: tests.length > 1 ? 'rows' : 'roll-up',
  };
}

function figures(group: readonly FakeRequest[]) {
  const of = (name: string) => group.filter((row) => row.class === name).length;
  const durations = group
    .map(({ duration_ms }) => Number(duration_ms))
    .filter((duration) => duration >= 0)
    .sort((a, b) => a - b);
  const errors = group.filter(({ status }) => Number(status) >= 500).length;
  return {
    requests: group.length,
    people: of('people'),
    bots: of('bots'),
    hosting: of('hosting'),
    uniques: new Set(group.map(({ client }) => client)).size,
    errors,
    error_rate: group.length === 0 ? null : errors / group.length,
    bytes_out: group.reduce((sum, row) => sum + Number(row.bytes_out), 0),
    timed: durations.length,
    p50: durations[Math.floor(durations.length * 0.5)] ?? null,
    p95: durations[Math.floor(durations.length * 0.95)] ?? null,
  };
}

/** Takes a file whose lines are `time path`; others are rejected. */
async function takeFile(request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams, hub: FakeHub) {
  const lines = (await readBody(request)).split('\n').filter((line) => line !== '');
  const stored: FakeRequest[] = [];
  const rejects: ImportResult['rejects'] = [];
  for (const [index, line] of lines.entries()) {
    const [time, path = ''] = line.split(' ');
    const at = Date.parse(time ?? '');
    if (Number.isNaN(at))
      rejects.push({ line: index + 1, reason: 'bad-time', detail: 'no time', excerpt: line.slice(0, 80) });
    else
      stored.push({
        time: at,
        client: 'x',
        path,
        class: 'people',
        country: 'SE',
        status: 200,
        origin: 'import',
        bytes_out: 100,
        duration_ms: 5,
      });
  }
  const tenant = parameters.get('tenant') ?? '';
  hub.requests.set(tenant, [...(hub.requests.get(tenant) ?? []), ...stored]);
  const times = stored.map(({ time }) => time);
  const at = (time: number) => new Date(time).toISOString();
  const result: ImportResult = {
    name: parameters.get('name') ?? '',
    format: 'plain',
    lines: { read: lines.length, accepted: stored.length, rejected: rejects.length, known: 0 },
    reasons: rejects.length === 0 ? {} : { 'bad-time': rejects.length },
    rejects,
    window: times.length === 0 ? null : { from: at(Math.min(...times)), to: at(Math.max(...times)) },
    truncated: null,
  };
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.write(`${JSON.stringify({ progress: { bytes: 1, lines: stored.length, received: 1 } })}\n`);
  response.end(`${JSON.stringify({ result })}\n`);
}
