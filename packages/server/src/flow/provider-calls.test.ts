import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listenLocally, type Mode, misbehave, PRIVATE_TARGET } from '../../test/emulators/modes.ts';
import { Fault } from '../model/fault.ts';
import { createGuardedClient, type GuardedClient } from './guarded-client.ts';
import { answerJson, createProviderCalls, numberOf, type ProviderCalls, wordsOf } from './provider-calls.ts';

let client: GuardedClient;
let calls: ProviderCalls;
let url: string;
let mode: Mode;
let heard: { method: string; url: string; body: string }[];
let close: () => Promise<void>;

beforeEach(async () => {
  mode = 'normal';
  heard = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    heard.push({ method: request.method ?? '', url: request.url ?? '', body: Buffer.concat(chunks).toString() });
    if (misbehave(mode, response)) return;
    const status = /status=(\d+)/.exec(request.url ?? '')?.[1] ?? '200';
    response.writeHead(Number(status), { 'content-type': 'application/json' }).end('{"good":true}');
  });
  url = await listenLocally(server);
  client = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: ['127.0.0.1'] });
  calls = createProviderCalls({ client, breaker: { failures: 3, openMs: 6000 } });
  close = async () => {
    await client.close();
    await closeServer(server);
  };
});
afterEach(() => close());

const ask = (tenantId: string, path = '/', more: object = {}) =>
  calls.call({ provider: 'the service', tenantId, url: `${url}${path}`, timeoutMs: 5000, ...more });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: Fault) => error.code,
  );

describe('calls to a provider', () => {
  it('are a GET, or a POST of a body', async () => {
    expect(answerJson('the service', await ask('a'))).toEqual({ good: true });
    await ask('a', '/post', { body: 'text' });
    expect(heard).toEqual([
      { method: 'GET', url: '/', body: '' },
      { method: 'POST', url: '/post', body: 'text' },
    ]);
  });

  it.each([400, 401, 403, 404, 429])('%i is an answer, and opens no circuit', async (status) => {
    for (let i = 0; i < 5; i++) expect((await ask('a', `/?status=${status}`)).status).toBe(status);
  });

  it.each([
    ['error', {}, 'provider-failed'],
    ['hang', {}, 'outbound-timeout'],
    ['closing', {}, 'outbound-failed'],
    ['huge', { timeoutMs: 10_000 }, 'outbound-too-large'],
    ['redirect', {}, 'outbound-refused'],
    ['redirect', { body: 'secret' }, 'outbound-redirects'],
  ] as const)('%s is a fault (%j): %s', async (bad, more, code) => {
    mode = bad;
    expect(await codeOf(ask('a', '/', more))).toBe(code);
    expect(heard.map((call) => call.url)).toEqual(['/']);
  });

  it('never name a query, in which secrets are', async () => {
    mode = 'hang';
    const fault = (await ask('a', '/path?api_secret=hush', { body: '' }).catch((error: Fault) => error)) as Fault;
    expect(fault.message).toContain('/path?…');
    expect(fault.message).not.toContain('hush');
    mode = 'redirect';
    const refused = (await ask('b', '/path?api_secret=hush').catch((error: Fault) => error)) as Fault;
    expect(refused.message).toContain(new URL(PRIVATE_TARGET).hostname);
    expect(refused.message).not.toContain('hush');
  });

  it('are left out for a while after several failures, for that tenant alone', async () => {
    mode = 'error';
    for (let i = 0; i < 3; i++) expect(await codeOf(ask('a'))).toBe('provider-failed');
    expect(await codeOf(ask('a'))).toBe('provider-paused');
    expect(heard).toHaveLength(3);
    mode = 'normal';
    expect(await codeOf(ask('b'))).toBe('answered');
    expect(await codeOf(ask('a'))).toBe('provider-paused');
    await expect.poll(() => codeOf(ask('a'))).toBe('answered');
  });

  it('go on at once when the settings were changed', async () => {
    mode = 'error';
    for (let i = 0; i < 3; i++) await codeOf(ask('a'));
    mode = 'normal';
    calls.forget('b');
    expect(await codeOf(ask('a'))).toBe('provider-paused');
    calls.forget('a');
    expect(await codeOf(ask('a'))).toBe('answered');
  });
});

describe('what a provider wrote', () => {
  it('is a fault where it is no JSON, or nests without end', () => {
    for (const body of ['', '{"rows": [{"d', '['.repeat(100)]) {
      const answer = { status: 200, url: '', headers: {}, body: Buffer.from(body) };
      expect(() => answerJson('the service', answer)).toThrow(Fault);
    }
  });

  it.each([
    ['12', 12],
    [12.5, 12.5],
    ['-0.25', -0.25],
    ['', null],
    ['1e9', null],
    ['12abc', null],
    [Number.NaN, null],
    [null, null],
    [['1'], null],
  ])('%j is the number %s', (value, number) => {
    expect(numberOf(value)).toBe(number);
  });

  it('is one bounded line', () => {
    expect(wordsOf(` a\n\u0000b ${'x'.repeat(400)}`)).toMatch(/^a b x{296}$/);
    expect(wordsOf({})).toBe('');
  });
});
