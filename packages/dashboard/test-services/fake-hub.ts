import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { ImportResult, Me, Permission, SourcesAnswer, Status, TenantChange } from '@vedette/contract';
import { FIELDS } from '../../server/src/model/field.ts';
import { answerAccounts, type FakeAccounts, sampleAccounts } from './fake-accounts.ts';
import { answerAudit } from './fake-audit.ts';
import { createFakeLive, type FakeLive } from './fake-live.ts';
import { answerAccountChange, answerPeople } from './fake-people.ts';
import { answerInstallation, answerTenancy, type FakeInstallation, sampleInstallation } from './fake-tenancy.ts';
import {
  answerTenant,
  emptyTenant,
  type FakeAnswer,
  type FakeScan,
  type FakeTenant,
  neverScanned,
} from './fake-tenant.ts';
import { answerRequest, answerRequests, answerTraffic, type FakeRequest } from './fake-traffic.ts';
import { answerViews } from './fake-views.ts';

export interface FakeHub {
  url: string;
  /** What is stored, by tenant id. */
  requests: Map<string, FakeRequest[]>;
  /** What is known of sources, by tenant id. */
  sources: Map<string, SourcesAnswer>;
  /** What else is known, by tenant id; nothing of those that are not here. */
  tenants: Map<string, FakeTenant>;
  /** Who may come in. */
  accounts: FakeAccounts;
  /** All tenants, as operators see them. */
  installation: FakeInstallation;
  /** The last scan of the installation. */
  scan: FakeScan;
  /** Bodies that were sent, with the path and query they were sent to. */
  sent: { method: string; path: string; body: string }[];
  /** Who holds a key, by the key. */
  keys: Map<string, Me>;
  /** Every question asked, path and query. */
  asked: string[];
  /** Set to make the next answers of these paths fail: path prefix → problem. */
  failing: Map<string, { status: number; title: string; detail: string; type?: string; retryAfter?: number }>;
  /** Whether it takes no connection's question, as if its process were gone. */
  down: boolean;
  /** Who watches requests come in, and how to have some come in. */
  live: FakeLive;
  /** How its disk guard stands. */
  disk: NonNullable<Status['hub']>['disk'];
  me: Me;
  close(): Promise<void>;
}

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
    accounts: sampleAccounts(),
    installation: sampleInstallation(Date.now(), me.tenants),
    scan: neverScanned(),
    sent: [],
    keys: new Map(),
    asked: [],
    failing: new Map(),
    down: false,
    live: createFakeLive(),
    disk: { state: 'good', free: 40e9, size: 100e9, warn: 10e9, stop: 5e9 },
    me,
    close: () => new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', hub.url);
    if (hub.down) return void request.socket.destroy();
    if (url.pathname === '/healthz') return send(response, 200, { status: 'alive', disk: hub.disk.state });
    const asset = !url.pathname.startsWith('/api/') && url.pathname !== '/browser/snippet';
    if (asset) return serveFile(url.pathname, response);
    hub.asked.push(url.pathname + url.search);
    const failure = [...hub.failing].find(([prefix]) => url.pathname.startsWith(prefix))?.[1];
    if (failure !== undefined) {
      if (failure.retryAfter !== undefined) response.setHeader('retry-after', String(failure.retryAfter));
      return send(response, failure.status, { type: 'about:blank', ...failure });
    }
    const rows = hub.requests.get(url.searchParams.get('tenant') ?? '') ?? [];
    switch (url.pathname) {
      case '/api/v1/me': {
        const { authorization } = request.headers;
        const holder = authorization === undefined ? hub.me : hub.keys.get(authorization.replace('Bearer ', ''));
        if (holder !== undefined && !(authorization === undefined && hub.accounts.outside))
          return send(response, 200, holder);
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
          hub: hub.disk.state === 'good' ? null : { disk: hub.disk },
        });
      }
      case '/api/v1/traffic':
        return sendAnswer(response, answerTraffic(rows, url.searchParams));
      case '/api/v1/requests':
        return sendAnswer(response, answerRequests(rows, url.searchParams));
      case '/api/v1/requests/live':
        return hub.live.listen(request, response, url.searchParams);
      case '/api/v1/sources':
        return send(
          response,
          200,
          hub.sources.get(url.searchParams.get('tenant') ?? '') ?? { sources: [], first_request: null, next: null },
        );
      case '/api/v1/imports':
        return takeFile(request, response, url.searchParams, hub);
      default:
        return answerOther(request, response, url);
    }
  }

  async function answerOther(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const id = url.searchParams.get('tenant') ?? '';
    const [, single] = /^\/api\/v1\/requests\/([^/]+)$/.exec(url.pathname) ?? [];
    if (single !== undefined) return sendAnswer(response, answerRequest(hub.requests.get(id) ?? [], single));
    const tenant = hub.tenants.get(id) ?? emptyTenant();
    hub.tenants.set(id, tenant);
    const body = await readBody(request);
    if (request.method !== 'GET')
      hub.sent.push({ method: request.method ?? '', path: url.pathname + url.search, body });
    const about = { method: request.method ?? '', path: url.pathname.replace('/api/v1', ''), body };
    const answered =
      answerAccounts({ ...about, accounts: hub.accounts, me: hub.me }) ??
      answerInstallation({ ...about, installation: hub.installation, now: Date.now() }) ??
      answerAccountChange(
        about.path,
        [...hub.tenants.values()].map(({ people }) => people),
      ) ??
      answerPeople({ ...about, people: tenant.people, mail: hub.accounts.ways.mail }) ??
      answerTenancy({ ...about, tenancy: tenant.tenancy, now: Date.now() }) ??
      answerViews({ ...about, views: tenant.views }) ??
      answerAudit(about.path, url.searchParams, tenant.audit) ??
      changeTenant(hub, id, about) ??
      answerTenant({
        request,
        url,
        body,
        tenant,
        admin: mayOf(hub, id, 'settings'),
        operator: hub.me.tenants.some(({ permissions }) => permissions.includes('operate')),
        scan: hub.scan,
        now: Date.now(),
      });
    if (answered === null) return send(response, 404, { type: 'about:blank', title: 'Not found', status: 404 });
    sendAnswer(response, request.method === 'GET' ? pageOf(answered, url.searchParams) : answered);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return hub;
}

/** Whether the viewer may do it for a tenant. */
function mayOf(hub: FakeHub, tenantId: string, permission: Permission): boolean {
  return hub.me.tenants.some(({ id, permissions }) => id === tenantId && permissions.includes(permission));
}

/** Has the viewer do nothing but look. */
export function onlyLooks(hub: FakeHub): void {
  hub.me.tenants = hub.me.tenants.map((tenant) => ({ ...tenant, role: 'viewer', permissions: ['read'] }));
}

/** What its own people set of a tenant; null for other paths. */
function changeTenant(hub: FakeHub, id: string, { path, body }: { path: string; body: string }): FakeAnswer | null {
  const tenant = hub.me.tenants.find((one) => one.id === id);
  if (path !== '/tenant' || tenant === undefined) return null;
  Object.assign(tenant, JSON.parse(body) as TenantChange);
  return { status: 200, body: tenant };
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

/** A page of a list that is known whole, where a question says how long pages are to be; a cursor is how many came before. */
function pageOf(answer: FakeAnswer, parameters: URLSearchParams): FakeAnswer {
  const limit = Number(parameters.get('limit') ?? 0);
  const { body } = answer;
  if (limit === 0 || typeof body === 'string' || !('next' in body) || body.next !== null) return answer;
  const from = Number(parameters.get('cursor') ?? 0);
  const page: Record<string, unknown> = { ...body };
  for (const [name, rows] of Object.entries(body)) {
    if (!Array.isArray(rows)) continue;
    page[name] = rows.slice(from, from + limit);
    if (rows.length > from + limit) page.next = String(from + limit);
  }
  return { ...answer, body: page };
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
