import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type IpwhoEmulator, type IpwhoMode, startIpwho } from '../../test/emulators/ipwho.ts';
import { createGuardedClient, type GuardedClient } from '../flow/guarded-client.ts';
import { Fault } from '../model/fault.ts';
import { createEnricher } from './enricher.ts';
import { createIpwho, type IpwhoOptions, type IpwhoSource, readIpwho } from './ipwho.ts';

const A = '193.0.6.139';
let clock: number;
let emulator: IpwhoEmulator;
let fetcher: GuardedClient;
let source: IpwhoSource;

beforeEach(async () => {
  clock = Date.UTC(2026, 0, 15);
  emulator = await startIpwho();
  fetcher = createGuardedClient({ allowPrivate: ['127.0.0.1'], userAgent: 'Vedette/test', timeoutMs: 5000 });
  start({});
});
afterEach(async () => {
  source.close();
  await fetcher.close();
  await emulator.close();
});

function start(options: Partial<IpwhoOptions>): void {
  source = createIpwho({ fetcher, baseUrl: emulator.baseUrl, perSecond: 100, now: () => clock, ...options });
}

async function ask(address: string): Promise<ReturnType<IpwhoSource['answer']>> {
  source.answer(address);
  await source.idle();
  return source.answer(address);
}

describe('second source', () => {
  it('answers from its cache only, asks behind it, and asks again after a day', async () => {
    expect(source.answer(A)).toBeNull();
    expect(emulator.asked).toEqual([]);
    await source.idle();
    const expected = {
      place: { country: 'NL', region: 'North Holland', city: 'Amsterdam' },
      system: { asn: 64496, asOrg: 'Example Telecom', isp: 'Example Broadband' },
    };
    expect(source.answer(A)).toEqual(expected);
    clock += 23 * 3_600_000;
    expect(source.answer(A)).toEqual(expected);
    expect(emulator.asked).toEqual([A]);
    clock += 2 * 3_600_000;
    expect(source.answer(A)).toBeNull();
    await source.idle();
    expect(emulator.asked).toEqual([A, A]);
  });

  it('asks once for many that want the same', async () => {
    for (let i = 0; i < 50; i++) source.answer(A);
    await source.idle();
    expect(emulator.asked).toEqual([A]);
  });

  it.each(['10.0.0.1', '192.0.2.1', '::1', 'fe80::1', '100.64.0.1', '224.0.0.1', 'nonsense', ''])(
    'never sends %j away',
    async (address) => {
      expect(await ask(address)).toEqual({ place: null, system: null });
      expect(emulator.asked).toEqual([]);
    },
  );

  it.each<IpwhoMode>(['error', 'garbage', 'slow', 'closing', 'wrong-address'])(
    'takes no answer from a service that is %s, and does not remember it as one',
    async (mode) => {
      emulator.mode = mode;
      expect(await ask(A)).toBeNull();
      emulator.mode = 'normal';
      expect(await ask(A)).toBeNull();
      expect(emulator.asked).toHaveLength(1);
      clock += 6 * 60_000;
      expect((await ask(A))?.place?.country).toBe('NL');
      expect(source.stats()).toMatchObject({ asked: 2, failed: 1 });
    },
  );

  it.each<[IpwhoMode, string, number]>([
    ['limit', '30', 31_000],
    ['limit', '', 3_601_000],
    ['limit-message', '', 3_601_000],
  ])('stops when told so (%s, Retry-After %j) and takes up the same address later', async (mode, retryAfter, after) => {
    emulator.mode = mode;
    emulator.retryAfter = retryAfter;
    expect(await ask(A)).toBeNull();
    emulator.mode = 'normal';
    clock += after - 2000;
    expect(await ask('193.0.6.140')).toBeNull();
    expect(emulator.asked).toEqual([A]);
    clock += 2000;
    expect((await ask(A))?.system?.asn).toBe(64496);
    expect(source.stats().failed).toBe(0);
  });

  it('keeps to its quota by second and by month', async () => {
    source.close();
    start({ perSecond: 1, perMonth: 7 });
    const many = Array.from({ length: 20 }, (_, i) => `193.0.6.${i}`);
    for (const address of many) source.answer(address);
    await source.idle();
    expect(emulator.asked).toHaveLength(5);
    clock += 1000;
    await ask(many[0] as string);
    expect(emulator.asked).toHaveLength(5);
    await ask(many[19] as string);
    expect(emulator.asked).toHaveLength(6);
    clock += 3_600_000;
    await ask(many[19] as string);
    expect(emulator.asked).toHaveLength(7);
    clock = Date.UTC(2026, 1, 1);
    await ask(many[19] as string);
    expect(emulator.asked.length).toBeGreaterThan(7);
  });

  it('opens the circuit after failures in a row and closes it again', async () => {
    source.close();
    start({ breaker: { failures: 3, openMs: 6000 } });
    emulator.mode = 'error';
    for (let i = 1; i < 9; i++) await ask(`193.0.6.${i}`);
    expect(emulator.asked).toHaveLength(3);
    emulator.mode = 'normal';
    // What was refused meanwhile is not asked again for a while.
    const city = async () => {
      clock += 6 * 60_000;
      return (await ask(A))?.place?.city;
    };
    await expect.poll(city).toBe('Amsterdam');
  });

  it('lets go what does not fit the queue', async () => {
    source.close();
    start({ queueSize: 3, perSecond: 1 });
    for (let i = 0; i < 10; i++) source.answer(`193.0.6.${i}`);
    expect(source.stats().waiting).toBe(3);
  });
});

describe('with the enricher', () => {
  // Global, with a place, but announced by no system.
  const gap = '223.255.255.254';

  it('fills what the local data does not know, later, and keeps what it knows', async () => {
    const local = await createEnricher({ watch: false });
    const before = local.enrich(gap, null);
    expect(before.network.asn).toBe(0);
    emulator.known.set(gap, { org: 'Example Hosting Ltd', country_code: 'ZW' });
    const enricher = await createEnricher({ watch: false, gaps: source });
    expect(enricher.enrich(gap, null).network).toMatchObject({ asn: 0, kind: 'unknown' });
    expect(enricher.enrich('8.8.8.8', null).network.asn).toBe(15169);
    await source.idle();
    const after = enricher.enrich(gap, null);
    expect(after.network).toMatchObject({ asn: 64496, isp: 'Example Broadband', kind: 'hosting' });
    expect(after.place).toEqual(before.place);
    expect(enricher.enrich(gap, null).network).toBe(after.network);
    expect(emulator.asked).toEqual([gap]);
  });

  it('is not asked about addresses that are nowhere', async () => {
    const enricher = await createEnricher({ watch: false, gaps: source });
    for (const address of ['10.0.0.1', '192.0.2.1', '::1', '', 'x']) enricher.enrich(address, null);
    await source.idle();
    expect(emulator.asked).toEqual([]);
  });
});

describe('reading', () => {
  it('takes any text as an answer, a limit or a Fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"success":true,"ip":"${A}","connection":${json}}`),
        ),
        (text) => {
          try {
            const answer = readIpwho(text, A);
            if (answer !== 'limit' && answer.system) expect(answer.system.asn).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(Fault);
          }
        },
      ),
    );
  });
});
