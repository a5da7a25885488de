import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Fault } from '../model/fault.ts';
import { createGuardedClient, type GuardedClient, type GuardedClientOptions } from './guarded-client.ts';
import { TargetRule } from './guarded-target.ts';

const open: (Server | GuardedClient)[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) {
    if ('get' in item) await item.close();
    else {
      item.closeAllConnections();
      await new Promise((done) => item.close(done));
    }
  }
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

function client(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  const made = createGuardedClient({
    userAgent: 'Vedette/test (+https://vedette.example)',
    timeoutMs: 20_000,
    ...options,
  });
  open.push(made);
  return made;
}

const loopback = { allowPrivate: ['127.0.0.0/8'] };

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const result = await promise.catch((error: unknown) => error);
  expect(result).toBeInstanceOf(Fault);
  return result as Fault;
}

describe('targets', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://localhost/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://172.16.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.2.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://①②⑦.0.0.1/',
    'ftp://vedette.example/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/',
    'not a url',
    '',
  ])('%s is refused', async (url) => {
    const fault = await faultOf(client().get(url));
    expect(fault.code).toBe('outbound-refused');
    expect(fault.message).toContain('not fetched');
  });

  it('refuses a name when any of its addresses is forbidden, and connects to what it checked', async () => {
    const port = await serve((_request, response) => response.end('inside'));
    const mixed = [
      { address: '203.0.113.9', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const url = `http://rebind.example:${port}/`;
    const refused = await faultOf(client({ resolve: async () => mixed, allowPrivate: ['203.0.113.0/24'] }).get(url));
    expect(refused.code).toBe('outbound-refused');
    expect(refused.message).toContain('127.0.0.1');
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? mixed.slice(1) : [{ address: '10.0.0.1', family: 4 }]);
    const answer = await client({ ...loopback, resolve }).get(url);
    expect(answer.body.toString()).toBe('inside');
    expect(asked).toBe(1);
  });

  it('checks every redirect', async () => {
    let reached = 0;
    const inside = await serve((_request, response) => {
      reached++;
      response.end('secret');
    });
    const port = await serve((_request, response) => {
      response.writeHead(302, { location: `http://[::ffff:127.0.0.2]:${inside}/` }).end();
    });
    const fault = await faultOf(client({ allowPrivate: ['127.0.0.1'] }).get(`http://127.0.0.1:${port}/`));
    expect(fault.code).toBe('outbound-refused');
    expect(reached).toBe(0);
  });

  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], ''],
    ['10.1.2.3', ['10.2.0.0/16'], 'a private address'],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], ''],
    ['8.8.8.8', [], ''],
    ['168.63.129.16', ['10.0.0.0/8'], 'a metadata service'],
    ['nonsense', ['0.0.0.0/0'], 'not an address'],
  ])('%s with %j allowed: %j', (address, allowed, reason) => {
    expect(new TargetRule(allowed).refusal(address)).toBe(reason);
  });

  it('names an allowance that is no block', () => {
    expect(() => client({ allowPrivate: ['10.0.0.0/33'] })).toThrow('"10.0.0.0/33"');
  });
});

describe('exchange', () => {
  it('fetches, unpacks, follows relative redirects and says who it is', async () => {
    const seen: IncomingMessage[] = [];
    const port = await serve((request, response) => {
      seen.push(request);
      if (request.url === '/old') response.writeHead(301, { location: '/new?x=1' }).end();
      else response.writeHead(200, { 'content-encoding': 'gzip', 'x-test': 'a' }).end(gzipSync('hello'));
    });
    const answer = await client(loopback).get(`http://127.0.0.1:${port}/old`, { headers: { Accept: 'text/plain' } });
    expect(answer).toMatchObject({ status: 200, url: `http://127.0.0.1:${port}/new?x=1` });
    expect(answer.body.toString()).toBe('hello');
    expect(answer.headers['x-test']).toBe('a');
    expect(seen.map((request) => request.headers['user-agent'])).toEqual(
      Array(2).fill('Vedette/test (+https://vedette.example)'),
    );
    expect(seen[1]?.headers.accept).toBe('text/plain');
  });

  it('sends credentials of the URL to its own origin only', async () => {
    const seen: (string | undefined)[] = [];
    const second = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    });
    const first = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { location: `http://127.0.0.1:${second}/` }).end();
    });
    await client(loopback).get(`http://user:pass@127.0.0.1:${first}/`);
    expect(seen).toEqual([`Basic ${Buffer.from('user:pass').toString('base64')}`, undefined]);
  });

  it('answers with any status', async () => {
    const port = await serve((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end('later'));
    expect(await client(loopback).get(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
    });
  });

  it.each([
    [
      'redirects without end',
      'outbound-redirects',
      (_: IncomingMessage, r: Parameters<RequestListener>[1]) => r.writeHead(302, { location: '/' }).end(),
    ],
    [
      'a body over the limit',
      'outbound-too-large',
      (_: IncomingMessage, r: Parameters<RequestListener>[1]) => r.end(Buffer.alloc(5000)),
    ],
    [
      'a small body that unpacks over the limit',
      'outbound-too-large',
      (_: IncomingMessage, r: Parameters<RequestListener>[1]) =>
        r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000))),
    ],
    ['headers that do not come', 'outbound-timeout', () => {}],
    [
      'a body that does not end',
      'outbound-timeout',
      (_: IncomingMessage, r: Parameters<RequestListener>[1]) => r.writeHead(200).write('a'),
    ],
    [
      'a body that breaks off',
      'outbound-failed',
      (_: IncomingMessage, r: Parameters<RequestListener>[1]) => {
        r.writeHead(200, { 'content-length': '100' }).write('a', () => r.destroy());
      },
    ],
    [
      'a broken compression',
      'outbound-failed',
      (_: IncomingMessage, r: Parameters<RequestListener>[1]) =>
        r.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
    ],
  ])('%s: %s', async (_name, code, listener) => {
    const port = await serve(listener as RequestListener);
    const timeoutMs = code === 'outbound-timeout' ? 400 : 20_000;
    const fault = await faultOf(
      client({ ...loopback, maxBytes: 4096 }).get(`http://127.0.0.1:${port}/`, { timeoutMs }),
    );
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(`127.0.0.1:${port}`);
  });

  it('says when nobody listens and when the caller gives up', async () => {
    const port = await serve(() => {});
    expect(
      (await faultOf(client(loopback).get(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(50) }))).code,
    ).toBe('outbound-aborted');
    expect((await faultOf(client(loopback).get('http://127.0.0.1:1/'))).code).toBe('outbound-failed');
  });
});
