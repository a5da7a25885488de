import { createHash } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, vi } from 'vitest';
import { createEdge } from '../../../edge/src/index.ts';
import type { RunningHub } from '../../src/main.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** What is left of a visitor's request. */
interface Kept {
  row: boolean;
  consent: string;
  visitor: boolean;
  city: boolean;
  referrer: 'full' | 'host' | 'none';
}

/** Somebody who visits. The address is theirs alone, and so is the city it is in. */
interface Visitor {
  tenant: 'open' | 'strict';
  address: string;
  choice: 'granted' | 'refused' | 'unknown';
  gpc?: boolean;
  dnt?: boolean;
  agent?: string;
  kept: Kept;
}

const FULL: Kept = { row: true, consent: 'granted', visitor: true, city: true, referrer: 'full' };
const PSEUDONYMOUS: Kept = { row: true, consent: 'unknown', visitor: false, city: true, referrer: 'host' };
const FLAGGED: Kept = { row: true, consent: 'refused', visitor: false, city: false, referrer: 'host' };
const COUNTED: Kept = { row: false, consent: 'refused', visitor: false, city: false, referrer: 'none' };

export const VISITORS: Record<string, Visitor> = {
  granted: { tenant: 'open', address: '91.64.0.77', choice: 'granted', kept: FULL },
  grantedgpc: { tenant: 'open', address: '73.0.0.77', choice: 'granted', gpc: true, kept: FULL },
  unknown: { tenant: 'open', address: '2.204.0.77', choice: 'unknown', kept: PSEUDONYMOUS },
  refused: { tenant: 'open', address: '93.192.0.77', choice: 'refused', kept: COUNTED },
  gpc: { tenant: 'open', address: '151.16.0.77', choice: 'unknown', gpc: true, kept: COUNTED },
  refusedbot: { tenant: 'open', address: '71.192.0.77', choice: 'refused', agent: GOOGLEBOT, kept: FLAGGED },
  gpchosting: { tenant: 'open', address: '66.249.66.77', choice: 'unknown', gpc: true, kept: FLAGGED },
  strictgranted: {
    tenant: 'strict',
    address: '99.224.0.77',
    choice: 'granted',
    kept: { ...FULL, city: false, referrer: 'host' },
  },
  strictunknown: {
    tenant: 'strict',
    address: '60.32.0.77',
    choice: 'unknown',
    kept: { ...COUNTED, consent: 'unknown' },
  },
  strictdnt: { tenant: 'strict', address: '90.0.0.77', choice: 'unknown', dnt: true, kept: COUNTED },
  strictbot: {
    tenant: 'strict',
    address: '88.64.0.77',
    choice: 'unknown',
    agent: GOOGLEBOT,
    kept: { ...FLAGGED, consent: 'unknown' },
  },
};
export const POLICIES = { open: {}, strict: { city: false, referrer: 'host', unknown: 'counted', honour_dnt: true } };

/** The ways in. Access logs have no cookies: whoever comes by them has not chosen, but may have asked by GPC or DNT. */
export const WAYS = ['edge', 'ndjson', 'cookies', 'otlp', 'bulk', 'syslog', 'import'] as const;
type Way = (typeof WAYS)[number];
const TELLS_CHOICE: Record<Way, boolean> = {
  edge: true,
  ndjson: true,
  cookies: true,
  otlp: true,
  bulk: true,
  syslog: false,
  import: false,
};

export interface Visit {
  name: string;
  way: Way;
  visitor: Visitor;
  host: string;
  /** Stands in path, referrer and user agent, and nowhere else in the world. */
  mark: string;
  visitorId: string;
  proof: string;
  time: number;
}

export const hex = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);
const NOW = Date.now();
export const VISITS: Visit[] = WAYS.flatMap((way) =>
  Object.entries(VISITORS)
    .filter(([, { choice }]) => TELLS_CHOICE[way] || choice === 'unknown')
    .map(([name, visitor]) => ({
      name,
      way,
      visitor,
      host: `${visitor.tenant}.example`,
      mark: `z${hex(`mark ${name} ${way}`).slice(0, 12)}`,
      visitorId: hex(`visitor ${name} ${way}`),
      proof: hex(`proof ${name} ${way}`),
      time: NOW,
    })),
);

export const referrerHost = ({ mark }: Visit) => `https://from-${mark}.example`;
export const referrerOf = (visit: Visit) => `${referrerHost(visit)}/deep-${visit.mark}/page?q=${visit.mark}`;
const agentOf = ({ visitor, mark }: Visit) => `${visitor.agent ?? FIREFOX} ${mark}`;
const pathOf = ({ mark }: Visit) => `/seen/${mark}`;
export const cookieOf = ({ visitor, proof, visitorId }: Visit) =>
  visitor.choice === 'unknown'
    ? 'session=1'
    : `session=1; vedette_consent=1.${proof}.${visitor.choice === 'granted' ? `a1m0.${visitorId}` : 'a0m0'}`;

/** Headers as the visitor's browser sends them. */
export function headersOf(visit: Visit): Record<string, string> {
  const { gpc, dnt } = visit.visitor;
  return {
    'user-agent': agentOf(visit),
    referer: referrerOf(visit),
    ...(gpc === true ? { 'sec-gpc': '1' } : {}),
    ...(dnt === true ? { dnt: '1' } : {}),
  };
}

/** By the names of OpenTelemetry. Who refused has a visitor's id put in all the same: it must not get anywhere. */
function wireOf(visit: Visit, cookies = false): Record<string, unknown> {
  const { 'user-agent': agent, ...headers } = headersOf(visit);
  const told = cookies
    ? { cookie: cookieOf(visit) }
    : { 'vedette-visitor-id': visit.visitorId, 'x-forwarded-for': visit.visitor.address };
  return {
    'client.address': visit.visitor.address,
    'server.address': visit.host,
    'http.request.method': 'GET',
    'url.path': pathOf(visit),
    'http.response.status_code': 200,
    'user_agent.original': agent,
    ...(cookies ? {} : { 'vedette.consent': visit.visitor.choice }),
    ...Object.fromEntries(
      Object.entries({ ...headers, ...told }).map(([name, value]) => [`http.request.header.${name}`, value]),
    ),
  };
}

async function post(hub: RunningHub, key: string, path: string, type: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const answer = await fetch(`${hub.url}${path}`, { method: 'POST', headers, body });
  expect(answer.status, await answer.text()).toBeLessThan(300);
}

const lines = (objects: object[]) => objects.map((object) => `${JSON.stringify(object)}\n`).join('');

/** An entry as Caddy logs it. */
const caddy = (visit: Visit) => ({
  ts: visit.time / 1000,
  request: {
    client_ip: visit.visitor.address,
    host: visit.host,
    method: 'GET',
    uri: pathOf(visit),
    proto: 'HTTP/2.0',
    headers: Object.fromEntries(
      Object.entries({ ...headersOf(visit), cookie: cookieOf(visit) }).map(([name, value]) => [
        name.replace(/(^|-)([a-z])/g, (_, dash, letter) => dash + letter.toUpperCase()),
        [value],
      ]),
    ),
  },
  status: 200,
  size: 5,
  duration: 0.01,
});

export const SEND: Record<Way, (hub: RunningHub, key: string, visits: Visit[]) => Promise<void>> = {
  async edge(hub, key, visits) {
    const edge = createEdge({ url: hub.url, key, trustedProxies: 1, flushMs: 20 });
    const server = createServer((_, response) => response.end('hello'));
    edge.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const visit of visits) {
      const headers = {
        ...headersOf(visit),
        host: visit.host,
        cookie: cookieOf(visit),
        'x-forwarded-for': visit.visitor.address,
        // What a client calls itself by is nothing to go by.
        'vedette-visitor-id': hex(`made up ${visit.mark}`),
      };
      await new Promise<void>((resolve, reject) => {
        const call = httpRequest({ port, host: '127.0.0.1', path: pathOf(visit), headers }, (answer) => {
          answer.resume().on('end', () => resolve());
        });
        call.on('error', reject).end();
      });
    }
    const figures = await edge.close();
    expect(figures).toMatchObject({ delivered: visits.length, refused: 0, dropped: 0 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
  ndjson: (hub, key, visits) =>
    post(
      hub,
      key,
      '/api/v1/requests',
      'application/x-ndjson',
      lines(visits.map((v) => ({ time: v.time, ...wireOf(v) }))),
    ),
  cookies: (hub, key, visits) =>
    post(
      hub,
      key,
      '/api/v1/requests',
      'application/json',
      JSON.stringify(visits.map((visit) => ({ time: visit.time, ...wireOf(visit, true) }))),
    ),
  otlp(hub, key, visits) {
    const spans = visits.map((visit) => ({
      kind: 2,
      startTimeUnixNano: `${visit.time}000000`,
      attributes: Object.entries(wireOf(visit)).map(([name, value]) => ({
        key: name,
        value: { stringValue: String(value) },
      })),
    }));
    return post(
      hub,
      key,
      '/v1/traces',
      'application/json',
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    );
  },
  bulk: (hub, key, visits) =>
    post(
      hub,
      key,
      '/elasticsearch/_bulk',
      'application/x-ndjson',
      lines(visits.flatMap((visit) => [{ index: {} }, { '@timestamp': visit.time, ...wireOf(visit) }])),
    ),
  async syslog(hub, _, visits) {
    const port = hub.hub.syslog?.endpoints[0]?.port ?? 0;
    const before = hub.hub.syslog?.figures().accepted ?? 0;
    await new Promise<void>((done, fail) => {
      const socket = connect(port, '127.0.0.1')
        .on('error', fail)
        .on('close', () => done())
        .resume();
      socket.end(visits.map((visit) => `<134>1 - web-1 caddy - - - ${JSON.stringify(caddy(visit))}\n`).join(''));
    });
    await vi.waitUntil(() => hub.hub.syslog?.figures().accepted === before + visits.length, { timeout: 20_000 });
  },
  import: (hub, key, visits) =>
    post(hub, key, `/api/v1/imports?name=${hex(key)}.log`, 'text/plain', lines(visits.map(caddy))),
};
