import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as ElasticsearchClient } from '@elastic/elasticsearch';
import { Client as OpenSearchClient } from '@opensearch-project/opensearch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from '../test/support/world.ts';

const SHOP = join(import.meta.dirname, 'otel-shop.cjs');
const MISSING = (process.env.VEDETTE_MISSING_SERVICES ?? '').split(',').includes('log-senders');

let world: World;
let acme: WorldTenant;
let dir: string;

beforeAll(async () => {
  world = await startWorld({
    VEDETTE_SYSLOG: 'udp://127.0.0.1:0,tcp://127.0.0.1:0',
    VEDETTE_SYSLOG_TENANT: 'installation',
  });
  acme = await world.tenant('acme');
  dir = await mkdtemp(join(tmpdir(), 'vedette-senders-'));
  // Some of these programs give up root.
  await chmod(dir, 0o755);
});
afterAll(async () => {
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function stored(where: string, by: string, tenant?: WorldTenant): Promise<Record<string, unknown>[]> {
  const query = `/api/v1/traffic?metrics=requests&from=-1d&to=%2B1d&by=${by}&where=${where}`;
  const answer = tenant === undefined ? world.control(query) : world.call(query, { key: tenant.keys.read });
  return (await answer).json.rows;
}

async function sourcesOf(tenant?: WorldTenant): Promise<Record<string, unknown>[]> {
  const path = '/api/v1/sources';
  const answer = tenant === undefined ? world.control(path) : world.call(path, { key: tenant.keys.read });
  return (await answer).json.sources;
}

interface Program {
  output(): string;
  stop(): Promise<void>;
}

/** Runs a program in the foreground until it is stopped. */
function run(command: string, args: string[]): Program & { ended: Promise<number | null> } {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: path } });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data));
  child.stderr.on('data', (data: Buffer) => (output += data));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return {
    output: () => output,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** GETs until the server is there. */
function get(port: number, path: string, headers: Record<string, string>): Promise<number> {
  const once = () =>
    new Promise<number>((resolve, reject) => {
      const call = request({ port, host: '127.0.0.1', path, headers, agent: false }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      });
      call.on('error', reject);
      call.end();
    });
  return expect
    .poll(() => once().catch(() => 0))
    .toBeGreaterThan(0)
    .then(() => 1);
}

const syslogPort = (transport: string) =>
  world.running.hub.syslog?.endpoints.find((endpoint) => endpoint.transport === transport)?.port ?? 0;

describe.each(['json', 'protobuf'])('OpenTelemetry’s SDK, in %s', (encoding) => {
  test('sends its server spans and logs', async () => {
    const path = `/otel-${encoding}`;
    const shop = run(process.execPath, [SHOP, world.url, acme.keys.ingest, encoding, path]);
    expect(await shop.ended, shop.output()).toBe(0);
    expect(shop.output()).toBe('');
    const rows = await stored(`path=${path}*`, 'path,method,status', acme);
    expect(rows.map((row) => `${row.method} ${row.path} ${row.status} ${row.requests}`).sort()).toEqual([
      `GET ${path} 200 2`,
      `GET ${path}-missing 404 1`,
      `POST ${path} 201 1`,
    ]);
    const timed = await world.call(`/api/v1/traffic?metrics=p95,requests&by=bot_name&where=path=${path}-missing`, {
      key: acme.keys.read,
    });
    expect(timed.json.rows[0].p95).toBeGreaterThan(0);
    await expect
      .poll(() => sourcesOf(acme))
      .toContainEqual(
        expect.objectContaining({ kind: 'otlp', name: `shop-${encoding}`, requests: 4, refused: 0, last_error: null }),
      );
  });
});

const document = (path: string) => ({
  '@timestamp': new Date().toISOString(),
  client: { ip: '192.0.2.7' },
  url: { path, domain: 'www.acme.example' },
  http: { request: { method: 'GET' }, response: { status_code: 200 } },
  host: { name: 'web-1' },
});

test('the client of Elasticsearch, by its bulk call and its bulk helper', async () => {
  const path = '/elasticsearch-client';
  const client = new ElasticsearchClient({
    node: `${world.url}/elasticsearch`,
    auth: { apiKey: acme.keys.ingest },
    compression: true,
  });
  expect(await client.info()).toMatchObject({ tagline: 'You Know, for Search' });
  expect(await client.ping()).toBe(true);
  const bulk = await client.bulk({
    index: 'logs',
    operations: [{ index: {} }, document(path), { delete: { _id: '1' } }],
  });
  expect(bulk.errors).toBe(true);
  expect(bulk.items.map((item) => Object.values(item)[0]?.status)).toEqual([201, 400]);
  const helped = await client.helpers.bulk({
    datasource: [document(path), { no: 'request' }, document(path)],
    onDocument: () => ({ create: { _index: 'logs' } }),
    onDrop: ({ error }) => expect(error?.type).toBe('document_parsing_exception'),
  });
  expect(helped).toMatchObject({ total: 3, successful: 2, failed: 1 });
  expect(await stored(`path=${path}`, 'status', acme)).toEqual([{ status: 200, requests: 3 }]);
  const wrong = new ElasticsearchClient({ node: `${world.url}/elasticsearch`, auth: { apiKey: 'vdt_wrong' } });
  await expect(wrong.bulk({ operations: [] as object[] })).rejects.toMatchObject({ statusCode: 401 });
  await client.close();
});

test('the client of OpenSearch, with the key as a password', async () => {
  const path = '/opensearch-client';
  const client = new OpenSearchClient({
    node: `${world.url}/elasticsearch`,
    auth: { username: 'vedette', password: acme.keys.ingest },
  });
  expect((await client.info()).statusCode).toBe(200);
  const bulk = await client.bulk({ index: 'logs', body: [{ create: {} }, document(path)] });
  expect(bulk.body).toMatchObject({ errors: false, items: [{ create: { _index: 'logs', status: 201 } }] });
  const helped = await client.helpers.bulk({
    datasource: [document(path), document(path)],
    onDocument: () => ({ index: { _index: 'logs' } }),
  });
  expect(helped).toMatchObject({ successful: 2, failed: 0 });
  expect(await stored(`path=${path}`, 'status', acme)).toEqual([{ status: 200, requests: 3 }]);
  await client.close();
});

/** As the documentation has it. */
const HAPROXY_JSON =
  /^ +log-format '(\{.*\})'$/m.exec(
    readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'sending.md'), 'utf8'),
  )?.[1] ?? '';

describe.skipIf(MISSING)('servers and daemons of Debian', () => {
  test('nginx, which logs to the hub by UDP', async () => {
    const port = await freePort();
    const prefix = join(dir, 'nginx');
    await mkdir(join(prefix, 'tmp'), { recursive: true });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${prefix}/tmp/${name};`,
    );
    await writeFile(
      join(prefix, 'nginx.conf'),
      `daemon off; master_process off; pid ${prefix}/pid; error_log stderr warn;
events {}
http {
  ${temporary.join(' ')}
  log_format vedette escape=json '{"time_iso8601":"$time_iso8601","remote_addr":"$remote_addr","host":"$host",'
    '"request":"$request","status":$status,"body_bytes_sent":$body_bytes_sent,"request_time":$request_time,'
    '"http_referer":"$http_referer","http_user_agent":"$http_user_agent"}';
  access_log syslog:server=127.0.0.1:${syslogPort('udp')},tag=nginx,severity=info vedette;
  server { listen 127.0.0.1:${port}; return 202 ok; }
}
`,
    );
    const nginx = run('nginx', ['-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr']);
    try {
      await get(port, '/nginx-syslog?x="1"', { host: 'www.nginx.example', 'user-agent': 'Mozilla/5.0 "q"' });
      await expect
        .poll(() => stored('path=/nginx-syslog', 'domain,status,method'))
        .toEqual([{ domain: 'www.nginx.example', status: 202, method: 'GET', requests: 1 }]);
    } finally {
      await nginx.stop();
    }
  });

  test('HAProxy, which logs to the hub in its own format and in JSON', async () => {
    const port = await freePort();
    const jsonPort = await freePort();
    const file = join(dir, 'haproxy.cfg');
    await writeFile(
      file,
      `global
  log 127.0.0.1:${syslogPort('udp')} format rfc5424 local0 info
  log-send-hostname lb-1
defaults
  mode http
  log global
  option httplog
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend web
  bind 127.0.0.1:${port}
  http-request return status 200 content-type text/plain string ok
frontend json
  bind 127.0.0.1:${jsonPort}
  http-request set-var(txn.host) req.hdr(host)
  http-request set-var(txn.path) path
  http-request set-var(txn.query) query
  http-request set-var(txn.agent) req.hdr(user-agent)
  log-format '${HAPROXY_JSON}'
  http-request return status 201 content-type text/plain string ok
`,
    );
    const haproxy = run('haproxy', ['-db', '-f', file]);
    try {
      await get(port, '/haproxy-syslog?a=1', { host: 'www.haproxy.example' });
      await expect
        .poll(() => stored('path=/haproxy-syslog', 'status,method'))
        .toEqual([{ status: 200, method: 'GET', requests: 1 }]);
      await get(jsonPort, '/haproxy-json?a="1"', { host: 'www.haproxy.example', 'user-agent': 'curl/8 "q"' });
      await expect
        .poll(() => stored('path=/haproxy-json', 'status,domain,browser'))
        .toMatchObject([{ status: 201, domain: 'www.haproxy.example', requests: 1 }]);
    } finally {
      await haproxy.stop();
    }
    await expect
      .poll(() => sourcesOf())
      .toContainEqual(expect.objectContaining({ kind: 'syslog', name: 'lb-1 haproxy', requests: 2, refused: 0 }));
  });

  test('rsyslog, which follows a file and forwards it by TCP, counted', async () => {
    const log = join(dir, 'access.log');
    const work = join(dir, 'rsyslog');
    await mkdir(work);
    await writeFile(log, '');
    await writeFile(
      join(dir, 'rsyslog.conf'),
      `global(workDirectory="${work}" localHostname="web-5")
module(load="imfile" mode="polling" pollingInterval="1")
input(type="imfile" file="${log}" tag="nginx:" reopenOnTruncate="on")
action(type="omfwd" target="127.0.0.1" port="${syslogPort('tcp')}" protocol="tcp"
  TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format" action.resumeRetryCount="-1")
`,
    );
    const rsyslog = run('rsyslogd', ['-n', '-f', join(dir, 'rsyslog.conf'), '-i', join(work, 'pid')]);
    try {
      const stamp = new Date().toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
      const line = `192.0.2.9 - - [${stamp}] "GET /rsyslog-file HTTP/1.1" 200 5 "-" "curl/8"\n`;
      await appendFile(log, line.repeat(2500));
      await expect
        .poll(() => stored('path=/rsyslog-file', 'status'), { timeout: 30_000, interval: 250 })
        .toEqual([{ status: 200, requests: 2500 }]);
    } finally {
      await rsyslog.stop();
    }
    await expect
      .poll(() => sourcesOf())
      .toContainEqual(expect.objectContaining({ kind: 'syslog', name: 'web-5 nginx', requests: 2500, refused: 0 }));
  });
});
