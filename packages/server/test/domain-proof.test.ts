import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findProof, proofsOf } from '../src/collect/domain-proof.ts';
import { createGuardedClient, type GuardedClient } from '../src/flow/guarded-client.ts';
import { createTextResolver } from '../src/flow/text-records.ts';
import { type DnsEmulator, startDnsEmulator } from './emulators/dns.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const NAME = '_vedette-challenge.acme.example';
const RIGHT = `vedette-domain-verification=${TOKEN}`;
const PATH = '/.well-known/vedette-domain-verification';

let dns: DnsEmulator;
let web: Server;
let origin: string;
let elsewhere: Server;
let elsewhereOrigin: string;
let called: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let fetcher: GuardedClient;

const listen = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  dns = await startDnsEmulator();
  web = createServer((request, response) => {
    called.push(request.url ?? '');
    answer(request, response);
  });
  origin = `http://127.0.0.1:${await listen(web)}`;
  elsewhere = createServer((_, response) => {
    called.push('elsewhere');
    response.end(TOKEN);
  });
  elsewhereOrigin = `http://localhost:${await listen(elsewhere)}`;
  fetcher = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: ['127.0.0.0/8'] });
});
afterAll(async () => {
  await fetcher.close();
  await dns.close();
  web.close();
  elsewhere.close();
});
beforeEach(() => {
  dns.texts.clear();
  dns.mode = 'answer';
  dns.asked.length = 0;
  called = [];
  answer = (_, response) => response.writeHead(404).end();
});

const find = (pattern = 'acme.example', token = TOKEN) =>
  findProof(pattern, token, { fetcher, lookUpText: createTextResolver([dns.server]), origins: () => [origin] });

describe('a record', () => {
  test.each([
    ['that is right', [RIGHT], 'dns'],
    ['among others', ['v=spf1 -all', RIGHT, 'x'.repeat(600)], 'dns'],
    ['with blanks around it', [` ${RIGHT} `], 'dns'],
    ['of somebody else', [`vedette-domain-verification=${'f'.repeat(32)}`], null],
    ['that only begins so', [`${RIGHT}0`], null],
    ['that is the token alone', [TOKEN], null],
    ['of which there is none', [], null],
  ])('%s', async (_, texts, by) => {
    dns.texts.set(NAME, texts);
    const found = await find();
    expect(found.by).toBe(by);
    expect(dns.asked).toContain(NAME);
    if (by === null) expect(found.error).toContain(NAME);
    else expect(called).toEqual([]);
  });

  test('of a name that does not exist is none; name servers that fail are told, and the file counts all the same', async () => {
    expect((await find()).error).toContain('has no TXT record');
    dns.mode = 'fail';
    expect((await find()).error).toContain('gave no answer');
    answer = (_, response) => response.end(TOKEN);
    expect(await find()).toEqual({ by: 'file', error: null });
  });

  test('of a wildcard stands at the name that it is below', async () => {
    dns.texts.set(NAME, [RIGHT]);
    expect((await find('*.acme.example')).by).toBe('dns');
    expect(proofsOf('*.acme.example', TOKEN).file.url).toBe(`https://acme.example${PATH}`);
  });

  test('there is none of an address, for which nobody is asked', async () => {
    for (const address of ['192.0.2.7', '2001:db8::7']) {
      expect(proofsOf(address, TOKEN).dns).toBeNull();
      await find(address);
    }
    expect(proofsOf('2001:db8::7', TOKEN).file.url).toBe(`https://[2001:db8::7]${PATH}`);
    expect(dns.asked).toEqual([]);
  });
});

describe('a file', () => {
  const cases: [string, (response: ServerResponse, request: IncomingMessage) => void, 'file' | null, string][] = [
    ['that is right', (response) => response.end(TOKEN), 'file', ''],
    ['that ends with a line break', (response) => response.end(`${TOKEN}\r\n`), 'file', ''],
    ['of somebody else', (response) => response.end('f'.repeat(32)), null, 'holds something else'],
    ['that holds more', (response) => response.end(`${TOKEN} and more`), null, 'holds something else'],
    ['that is not there', (response) => response.writeHead(404).end(TOKEN), null, 'answered 404'],
    ['that is too long', (response) => response.end(TOKEN + ' '.repeat(10_000)), null, 'longer than 4096'],
    ['that breaks off', (response) => response.destroy(), null, PATH],
    [
      'that moved on the same host',
      (response, { url }) =>
        url === '/moved' ? response.end(TOKEN) : response.writeHead(302, { location: '/moved' }).end(),
      'file',
      '',
    ],
    [
      'that another host has',
      (response) => response.writeHead(302, { location: `${elsewhereOrigin}${PATH}` }).end(),
      null,
      'a redirect to localhost',
    ],
  ];
  test.each(cases)('%s', async (_, respond, by, why) => {
    answer = (request, response) => respond(response, request);
    const found = await find();
    expect(found.by).toBe(by);
    expect(found.error ?? '').toContain(why);
    expect(called[0]).toBe(PATH);
    expect(called).not.toContain('elsewhere');
  });

  test('on a private address is not asked for unless the operator allows it', async () => {
    const strict = createGuardedClient({ userAgent: 'Vedette/test' });
    answer = (_, response) => response.end(TOKEN);
    const lookUpText = createTextResolver([dns.server]);
    const found = await findProof('acme.example', TOKEN, { fetcher: strict, lookUpText, origins: () => [origin] });
    expect(found).toMatchObject({ by: null, error: expect.stringContaining('loopback') });
    expect(called).toEqual([]);
    await strict.close();
  });
});
