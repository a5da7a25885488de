import { createSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;
let count = 0;

const ownPath = () => `/syslog-${(count += 1)}`;
const portOf = (transport: string, from = world) =>
  from.running.hub.syslog?.endpoints.find((endpoint) => endpoint.transport === transport)?.port ?? 0;

const stamp = () => new Date().toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
const combined = (path: string) => `192.0.2.9 - - [${stamp()}] "GET ${path} HTTP/1.1" 200 5 "-" "curl/8"`;
const json = (path: string, host: string) =>
  JSON.stringify({ time: new Date(), remote_addr: '192.0.2.8', host, method: 'PUT', uri: path, status: 201 });

function sendUdp(...messages: string[]): Promise<void> {
  const socket = createSocket('udp4');
  const port = portOf('udp');
  const sent = messages.map(
    (message) =>
      new Promise<void>((resolve, reject) =>
        socket.send(message, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      ),
  );
  return Promise.all(sent).then(() => void socket.close());
}

/** Sends bytes and ends; resolves when the other side has closed as well. */
function sendTcp(bytes: string | Buffer, port = portOf('tcp'), from?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ...(from === undefined ? {} : { localAddress: from }) });
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve() : reject(error)));
    socket.on('close', () => resolve());
    socket.resume();
    socket.end(bytes);
  });
}

async function stored(path: string, tenant?: WorldTenant): Promise<Record<string, unknown>[]> {
  const query = `/api/v1/traffic?metrics=requests&from=-1d&to=%2B1d&by=method,status,domain&where=path=${path}`;
  const answer = tenant === undefined ? world.control(query) : world.call(query, { key: tenant.keys.read });
  return (await answer).json.rows;
}

describe('syslog', () => {
  beforeAll(async () => {
    world = await startWorld({ VEDETTE_SYSLOG: 'udp://127.0.0.1:0,tcp://127.0.0.1:0' });
    acme = await world.tenant('acme');
    const { records } = world.running.hub;
    await records.forTenant(acme.id).domains.add('*.acme.example');
    await records.hosts.refresh();
  });
  afterAll(() => world.stop());

  // The first, because nothing may have been accepted yet.
  test('what is wrong is counted by reason, and told of the source', async () => {
    const figures = () => world.running.hub.syslog?.figures();
    await sendUdp('no priority', '<134>1 - web9 nginx - - - this is no access log');
    await sendTcp('abc <134>\n99999999 x');
    await sendTcp(Buffer.concat([Buffer.from('<134>'), Buffer.alloc(70_000, 'x'), Buffer.from('\n')]));
    await sendTcp(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]));
    await expect
      .poll(() => figures()?.refused)
      .toMatchObject({ 'bad-message': 2, 'not-a-record': 1, 'bad-frame': 2, 'message-too-long': 1 });
    expect(figures()?.accepted).toBe(0);
    await expect
      .poll(async () => (await world.control('/api/v1/sources')).json.sources)
      .toContainEqual(
        expect.objectContaining({ kind: 'syslog', name: 'web9 nginx', requests: 0, refused: 1, state: 'live' }),
      );
    expect((await world.call('/metrics')).text).toMatch(
      /vedette_syslog_messages_total\{outcome="refused",reason="bad-frame"\} 2/,
    );
  });

  test('over UDP, in both shapes, becomes requests of the tenant that has the host', async () => {
    const path = ownPath();
    const now = new Date().toISOString();
    await sendUdp(
      `<190>${new Date().toString().slice(4, 10)} 12:00:00 web1 nginx: ${json(path, 'www.acme.example')}`,
      `<134>1 ${now} web1 caddy 12 - [a@1 b="]\\""] \ufeff${json(path, 'shop.acme.example')}`,
      `<134>1 ${now} web1 nginx2 - - - ${json(path, 'nobody.example')}`,
    );
    await expect.poll(() => stored(path, acme)).toHaveLength(2);
    await expect
      .poll(() => stored(path))
      .toEqual([{ method: 'PUT', status: 201, domain: 'nobody.example', requests: 1 }]);
  });

  test('over TCP, counted or by lines, also with a last line that has no end', async () => {
    const path = ownPath();
    const message = `<134>1 - www.acme.example nginx-plain - - - ${combined(path)}`;
    const counted = `${Buffer.byteLength(message)} ${message}`;
    await sendTcp(`${message}\n${counted}${counted}${message}\r\n\0${message}`);
    // Lines that name no host belong to the domain by which the server calls itself.
    await expect
      .poll(() => stored(path, acme))
      .toEqual([{ method: 'GET', status: 200, domain: 'www.acme.example', requests: 5 }]);
  });

  test('or JSON alone, a line each, as Caddy sends it', async () => {
    const path = ownPath();
    await sendTcp(`${json(path, 'www.acme.example')}\n${json(path, 'www.acme.example')}\n`);
    await expect.poll(() => stored(path, acme)).toMatchObject([{ method: 'PUT', requests: 2 }]);
  });

  test('of HAProxy, with what it says of itself', async () => {
    const path = ownPath();
    const time = `${stamp().slice(0, 20)}.885`;
    const head = '<134>Oct 10 13:55:36 lb haproxy[123]: ';
    await sendTcp(
      `${head}192.0.2.7:55032 [${time}] front~ back/web1 0/0/0/169/169 203 1541 - - ---- 5/1/0/0/0 0/0 "GET ${path} HTTP/1.1"\n` +
        `${head}Proxy front stopped (cumulated conns: FE: 1, BE: 0).\n`,
    );
    await expect.poll(() => stored(path)).toMatchObject([{ method: 'GET', status: 203, requests: 1 }]);
  });
});

test('is taken from those only who may send', async () => {
  const strict = await startWorld({ VEDETTE_SYSLOG: 'tcp://127.0.0.1:0', VEDETTE_SYSLOG_ALLOW: '127.0.0.2' });
  try {
    const message = (path: string) => `<134>1 - web nginx - - - ${combined(path)}\n`;
    await sendTcp(message('/denied'), portOf('tcp', strict));
    await sendTcp(message('/allowed'), portOf('tcp', strict), '127.0.0.2');
    await expect.poll(() => strict.running.hub.syslog?.figures()).toMatchObject({ accepted: 1, denied: 1 });
  } finally {
    await strict.stop();
  }
});

test('what has come is stored when the hub stops', async () => {
  const mine = await startWorld({ VEDETTE_SYSLOG: 'tcp://127.0.0.1:0' });
  await sendTcp(`<134>1 - web nginx - - - ${combined('/last')}\n`, portOf('tcp', mine));
  await expect
    .poll(
      async () =>
        (await mine.control('/api/v1/sources')).json.sources.length +
        (mine.running.hub.syslog?.figures().accepted ?? 0),
    )
    .toBeGreaterThan(0);
  const { syslog } = mine.running.hub;
  await mine.stop();
  expect(syslog?.figures()).toMatchObject({ accepted: 1, dropped: 0 });
});

test('a tenant that is not there, or a place that is taken, is said at the start', async () => {
  const start = (settings: Record<string, string>) => startWorld({ VEDETTE_SYSLOG: 'tcp://127.0.0.1:0', ...settings });
  await expect(start({ VEDETTE_SYSLOG_TENANT: 'nobody' })).rejects.toThrow(/no tenant/);
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(start({ VEDETTE_SYSLOG: `tcp://127.0.0.1:${port}` })).rejects.toThrow(/cannot listen for syslog/);
  other.close();
  await expect(start({ VEDETTE_SYSLOG: '127.0.0.1:514' })).rejects.toThrow(/VEDETTE_SYSLOG/);
});
