import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, stat, statfs, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Disk, mountDisk } from './faults/ground.ts';
import { runVedette } from './support/serve.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

const run = promisify(execFile);
const MIB = 1024 ** 2;
const STOP_MB = 600;

let dir: string;
let disk: Disk | null;
let world: World | undefined;
let acme: WorldTenant;

// A disk of its own takes root and Linux; without it, what is tried on one is skipped by name.
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-disk-'));
  disk = await mountDisk(join(dir, 'disk'), 2048);
  if (disk === null) return;
  const settings = {
    VEDETTE_DISK_WARN: '900MB',
    VEDETTE_DISK_STOP: `${STOP_MB}MB`,
    VEDETTE_SYSLOG: 'udp://127.0.0.1:0,tcp://127.0.0.1:0',
  };
  world = await startWorld(settings, join(dir, 'disk', 'data'));
  acme = await world.tenant('acme');
  const { hub } = world.running;
  await hub.records.forTenant(acme.id).domains.add('www.acme.example');
});
afterAll(async () => {
  await world?.stop();
  await disk?.close(false);
  await rm(dir, { recursive: true, force: true });
});

const ballast = () => join(dir, 'disk', 'ballast');

/** Leaves so many MiB free, and waits until the hub has seen it. */
async function leave(megabytes: number | null, state: string): Promise<void> {
  if (megabytes === null) await rm(ballast(), { force: true });
  else {
    // Made larger or smaller in one step, so that there is never more room than was asked for.
    const { bavail, bsize } = await statfs(join(dir, 'disk'));
    const size = await stat(ballast()).then(
      (found) => found.size,
      () => 0,
    );
    const wanted = size + bavail * bsize - megabytes * MIB;
    if (wanted > size) await run('fallocate', ['-l', String(wanted), ballast()]);
    else await truncate(ballast(), wanted);
  }
  await expect.poll(async () => (await call('/healthz')).json.disk).toBe(state);
}

const call: World['call'] = (path, options) => (world as World).call(path, options);
const record = (path: string) => ({
  time: new Date().toISOString(),
  'client.address': '192.0.2.1',
  'server.address': 'www.acme.example',
  'url.path': path,
});
const clfTime = () => {
  const [, day, month, year, time] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date().toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
};
const line = (path: string) => `192.0.2.1 - - [${clfTime()}] "GET ${path} HTTP/1.1" 200 5 "-" "curl/8"\n`;
const span = () => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              kind: 2,
              startTimeUnixNano: `${Date.now()}000000`,
              attributes: [
                { key: 'http.request.method', value: { stringValue: 'GET' } },
                { key: 'url.path', value: { stringValue: '/otlp' } },
              ],
            },
          ],
        },
      ],
    },
  ],
});
const origin = { origin: 'https://www.acme.example' };
const beacon = () => ({
  domain: 'www.acme.example',
  events: [{ id: crypto.randomUUID().replaceAll('-', ''), kind: 'page_view', age: 0, path: '/' }],
});

/** Every way in by HTTP, with what it is given. */
const WAYS: Record<string, () => Promise<Answer>> = {
  requests: () => call('/api/v1/requests', { key: acme.keys.ingest, body: [record('/api')] }),
  OTLP: () => call('/v1/traces', { key: acme.keys.ingest, body: span() }),
  _bulk: () =>
    call('/elasticsearch/_bulk', {
      key: acme.keys.ingest,
      body: `{"index":{}}\n${JSON.stringify({ '@timestamp': Date.now(), 'http.method': 'GET', 'url.path': '/bulk' })}\n`,
    }),
  import: () =>
    call(`/api/v1/imports?name=${crypto.randomUUID()}`, {
      method: 'POST',
      key: acme.keys.ingest,
      headers: { 'content-type': 'text/plain' },
      body: line(`/${crypto.randomUUID()}`),
    }),
  beacon: () => call('/api/v1/interactions', { headers: origin, body: beacon() }),
};
const stored = async () => {
  const { json } = await call('/api/v1/traffic?from=-400d&to=now&metrics=requests', { key: acme.keys.read });
  return json.rows[0]?.requests ?? 0;
};

function sendSyslog(transport: 'udp' | 'tcp', path: string): void {
  const endpoints = world?.running.hub.syslog?.endpoints ?? [];
  const port = endpoints.find((endpoint) => endpoint.transport === transport)?.port ?? 0;
  const message = `<190>Nov 26 12:00:00 www nginx: ${line(path)}`;
  if (transport === 'tcp') connect({ port, host: '127.0.0.1' }).end(message);
  else {
    const socket = createSocket('udp4');
    socket.send(message, port, '127.0.0.1', () => socket.close());
  }
}
const syslog = () => world?.running.hub.syslog?.figures() ?? { accepted: 0, dropped: 0 };

describe('on a disk of its own', () => {
  test('the way from room over a warning and a stop back to room', async (context) => {
    if (disk === null || world === undefined) return context.skip('this machine lets nobody mount a file system');
    await leave(800, 'low');
    for (const [way, send] of Object.entries(WAYS))
      expect([way, (await send()).status]).toEqual([way, expect.toBeOneOf([200, 202])]);
    const before = await stored();

    await leave(STOP_MB - 100, 'stopped');
    for (const [way, send] of Object.entries(WAYS)) {
      const answer = await send();
      expect([way, answer.status, answer.headers.get('retry-after')]).toEqual([way, 503, '30']);
      if (way !== 'OTLP' && way !== '_bulk') {
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect([way, answer.json.type]).toEqual([way, 'urn:vedette:problem:disk-low']);
      }
    }
    const dropped = syslog().dropped;
    sendSyslog('tcp', '/syslog-tcp');
    // The listener looks at the disks four times a second: what comes by UDP before it has waits with the rest.
    await expect
      .poll(
        () => {
          sendSyslog('udp', '/syslog-udp');
          return syslog().dropped;
        },
        { interval: 100, timeout: 20_000 },
      )
      .toBeGreaterThan(dropped);
    expect(syslog().accepted).toBe(0);

    // Questions, set-up and what frees room go on.
    expect(await stored()).toBe(before);
    expect((await call('/api/v1/me', { key: acme.keys.admin })).status).toBe(200);
    const made = await call('/api/v1/keys', { key: acme.keys.admin, body: { scope: 'read' } });
    expect(made.status).toBe(201);
    const ready = await call('/readyz');
    expect([ready.status, ready.json.errors[0].name]).toEqual([503, 'disk']);
    expect((await world.control('/api/v1/status')).json.hub.disk).toMatchObject({
      state: 'stopped',
      stop: STOP_MB * MIB,
    });
    const metrics = (await call('/metrics')).text;
    expect(metrics).toMatch(/^vedette_disk_guard_state 2$/m);
    expect(metrics).toMatch(/^vedette_disk_refused_total\{way="requests"\} [1-9]\d*$/m);

    // Whose environment has other bounds hears of the hub's.
    const { stdout } = await runVedette(['doctor', '--data', join(dir, 'disk', 'data'), '--json']);
    const { findings } = JSON.parse(stdout) as { findings: { name: string; state: string; detail: string }[] };
    expect(findings.find(({ name }) => name === 'disk of the hub')).toMatchObject({
      state: 'bad',
      detail: expect.stringContaining(`takes nothing in below ${STOP_MB}.0 MiB`),
    });

    // It is not taken again at the bound, and all of it once there is room to spare.
    await leave(STOP_MB + 20, 'stopped');
    await leave(null, 'good');
    for (const [way, send] of Object.entries(WAYS))
      expect([way, (await send()).status]).toEqual([way, expect.toBeOneOf([200, 202])]);
    await expect.poll(() => syslog().accepted, { timeout: 20_000 }).toBeGreaterThanOrEqual(1);
    await expect.poll(stored, { timeout: 20_000 }).toBe(before + 4);
  });

  test('a choice is stored while nothing else is, until the disk is all but full', async (context) => {
    if (disk === null || world === undefined) return context.skip('this machine lets nobody mount a file system');
    const site = await call('/api/v1/site?domain=www.acme.example', { headers: origin });
    const choose = () =>
      call('/api/v1/consent', {
        headers: origin,
        body: {
          domain: 'www.acme.example',
          proof_id: crypto.randomUUID().replaceAll('-', ''),
          text_version: site.json.text_version,
          language: site.json.language,
          surface: 'banner',
          choices: { analytical: false, marketing: false },
          gpc: false,
        },
      });
    await leave(STOP_MB - 100, 'stopped');
    expect((await choose()).status).toBe(204);
    await leave(200, 'full');
    const refused = await choose();
    expect([refused.status, refused.json.type]).toEqual([503, 'urn:vedette:problem:disk-low']);
    await leave(null, 'good');
    expect((await choose()).status).toBe(204);
  });
});
