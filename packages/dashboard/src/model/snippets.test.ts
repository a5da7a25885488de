import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { detectFormat, openParser } from '../../../server/src/collect/access-log/parser.ts';
import { isRefusal } from '../../../server/src/model/request.ts';
import type { Fill } from './snippets/fill.ts';
import { needsKey, snippetsOf } from './snippets.ts';
import { type RequestWay, WAYS } from './ways.ts';

const fill: Fill = { url: 'https://hub.example.org:8443', key: 'vdt_secret', tenant: 'bakery', installation: false };
const allOf = (way: RequestWay, filled = fill) =>
  snippetsOf(way, filled)
    .map(({ code }) => code)
    .join('\n');

it.each(WAYS)('%s names the hub, or its machine, and the key or the tenant', (way) => {
  const code = allOf(way);
  expect(code).toMatch(/https:\/\/hub\.example\.org:8443|hub\.example\.org:5514|host: 'hub\.example\.org'/);
  expect(code).toMatch(needsKey(way) ? /vdt_secret/ : /--tenant bakery/);
  expect(new Set(snippetsOf(way, fill).map(({ title }) => title)).size).toBe(snippetsOf(way, fill).length);
});

it.each(['express', 'fastify', 'koa', 'hono', 'node'] as const)('the application of %s is a program', (way) => {
  const code = snippetsOf(way, fill)[1]?.code ?? '';
  const { diagnostics } = ts.transpileModule(code, { reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
  expect(code).toContain("createEdge({ url: 'https://hub.example.org:8443', key: process.env.VEDETTE_KEY })");
});

it('the installation itself needs neither tenant nor domain', () => {
  for (const way of WAYS)
    expect(allOf(way, { ...fill, tenant: 'installation', installation: true })).not.toMatch(/--tenant|domain add/);
});

it('opens syslog to other machines only when the hub is meant to be reached by them', () => {
  expect(allOf('nginx')).toMatch(/udp:\/\/0\.0\.0\.0:5514 VEDETTE_SYSLOG_ALLOW=/);
  expect(allOf('nginx', { ...fill, url: 'http://127.0.0.1:8460' })).not.toMatch(/0\.0\.0\.0|ALLOW/);
});

it('only syslog does without a key', () => {
  expect(WAYS.filter((way) => !needsKey(way))).toEqual(['nginx', 'haproxy', 'caddy']);
});

/** Reads a line as the hub would, and tells what it found. */
function read(line: string) {
  const found = detectFormat([line]);
  if (isRefusal(found)) throw new Error(found.detail);
  const parsed = openParser(found.format).parse(line);
  if (parsed === null || isRefusal(parsed)) throw new Error(parsed?.detail ?? 'no record');
  return parsed;
}

const EXPECTED = {
  time: Date.parse('2026-11-25T22:30:05Z'),
  clientAddress: '192.0.2.7',
  host: 'www.example.org',
  method: 'GET',
  path: '/pricing',
  query: 'a=1',
  status: 200,
  bytesOut: 5120,
  durationUs: 12_000,
  userAgent: 'Mozilla/5.0 "quoted"',
  referrer: 'https://example.com/',
};

describe('the log formats of the snippets are read by the hub', () => {
  it('nginx', () => {
    const [, format = ''] = /escape=json\n([\s\S]*?);\n/.exec(allOf('nginx')) ?? [];
    const values: Record<string, string> = {
      time_iso8601: '2026-11-25T22:30:05+00:00',
      remote_addr: '192.0.2.7',
      host: 'www.example.org',
      request_method: 'GET',
      request_uri: '/pricing?a=1',
      server_protocol: 'HTTP/1.1',
      status: '200',
      body_bytes_sent: '5120',
      request_time: '0.012',
      http_referer: 'https://example.com/',
      http_user_agent: 'Mozilla/5.0 \\"quoted\\"',
    };
    const line = [...format.matchAll(/'([^']*)'/g)]
      .map(([, piece = '']) => piece)
      .join('')
      .replaceAll(/\$(\w+)/g, (_, name: string) => values[name] ?? `unknown ${name}`);
    expect(read(line)).toMatchObject(EXPECTED);
  });

  it('haproxy', () => {
    const [, format = ''] = /log-format '(.*)'/.exec(allOf('haproxy')) ?? [];
    const values: Record<string, string> = {
      '%Ts': String(EXPECTED.time / 1000),
      '%ms': '000',
      '%ci': '192.0.2.7',
      '%[capture.req.hdr(0),json(utf8s)]': 'www.example.org',
      '%HM': 'GET',
      '%[capture.req.uri,json(utf8s)]': '/pricing?a=1',
      '%HV': 'HTTP/1.1',
      '%ST': '200',
      '%B': '5120',
      '%Ta': '12',
      '%[capture.req.hdr(1),json(utf8s)]': 'Mozilla/5.0 \\"quoted\\"',
      '%[capture.req.hdr(2),json(utf8s)]': 'https://example.com/',
    };
    const line = format.replaceAll(/%\[[^\]]*\]|%[A-Za-z]+/g, (name) => values[name] ?? `unknown ${name}`);
    expect(read(line)).toMatchObject(EXPECTED);
  });
});
