import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DayKeys } from '../stores/records.ts';
import { type AddressNetworks, openClientKeyring } from './client-keys.ts';
import { createSealer } from './sealing.ts';

const DAY = 86_400_000;
const NOON = 20_000 * DAY + DAY / 2;
const networks: AddressNetworks = {
  netOf: (address) => (address.includes(':') ? '2001:db8::/64' : `${address.slice(0, address.lastIndexOf('.'))}.0/24`),
  siteOf: (address) => (address.includes(':') ? '2001:db8::/48' : ''),
};

/** What PostgreSQL does with the table of day keys, in a Map. */
function shelf(): DayKeys & { rows: Map<number, Buffer> } {
  const rows = new Map<number, Buffer>();
  return {
    rows,
    async getOrCreate(day, candidate) {
      if (!rows.has(day)) rows.set(day, candidate);
      return rows.get(day) as Buffer;
    },
    list: async () => [...rows].map(([day, sealed]) => ({ day, sealed })),
    async destroyBefore(day) {
      const gone = [...rows.keys()].filter((key) => key < day);
      for (const key of gone) rows.delete(key);
      return gone.length;
    },
  };
}

test('a key is the first 64 bits of HMAC-SHA-256 under the sealed key of the received day', async () => {
  const store = shelf();
  const sealer = createSealer(randomBytes(32));
  const ring = await openClientKeyring(store, sealer, networks, NOON);
  const secret = sealer.open(store.rows.get(20_000) as Buffer, 'day key 20000');
  const expected = (text: string) => createHmac('sha256', secret).update(text).digest().readBigUInt64BE(0).toString();
  expect(ring.keysFor('192.0.2.7', NOON)).toEqual({
    client: expected('192.0.2.7'),
    net: expected('192.0.2.0/24'),
    site: '0',
    day: 20_000,
  });
  expect(ring.keysFor('2001:db8::1', NOON).site).toBe(expected('2001:db8::/48'));
  expect(ring.keysFor('', NOON)).toEqual({ client: '0', net: '0', site: '0', day: 20_000 });
});

test('keys change from day to day, agree between processes, and are the same object for the same address', async () => {
  const store = shelf();
  const sealer = createSealer(randomBytes(32));
  const [one, two] = [
    await openClientKeyring(store, sealer, networks, NOON),
    await openClientKeyring(store, sealer, networks, NOON),
  ];
  expect(one.keysFor('192.0.2.7', NOON)).toEqual(two.keysFor('192.0.2.7', NOON));
  expect(one.keysFor('192.0.2.7', NOON)).toBe(one.keysFor('192.0.2.7', NOON));
  expect(one.keysFor('192.0.2.7', NOON + DAY).client).not.toBe(one.keysFor('192.0.2.7', NOON).client);
});

test('rotation destroys keys older than key_days, makes the next, and leaves the rest', async () => {
  const store = shelf();
  const ring = await openClientKeyring(store, createSealer(randomBytes(32)), networks, NOON);
  for (let day = 1; day <= 40; day += 1) await ring.rotate(NOON + day * DAY, 30);
  expect(ring.days()).toEqual(Array.from({ length: 32 }, (_, index) => 20_010 + index));
  expect([...store.rows.keys()].sort()).toEqual(ring.days());
  expect(ring.everyDay('192.0.2.7')).toHaveLength(32);
  expect(() => ring.keysFor('192.0.2.7', NOON)).toThrow(expect.objectContaining({ code: 'no-day-key' }));
});

test('a clock that is set back over midnight has a key at once, one that jumps by days soon', async () => {
  const store = shelf();
  const ring = await openClientKeyring(store, createSealer(randomBytes(32)), networks, NOON);
  const yesterday = ring.keysFor('192.0.2.7', NOON - DAY);
  expect(yesterday.day).toBe(19_999);
  expect(yesterday.client).not.toBe(ring.keysFor('192.0.2.7', NOON).client);
  for (const jumped of [NOON - 3 * DAY, NOON + 9 * DAY]) {
    expect(() => ring.keysFor('192.0.2.7', jumped)).toThrow(expect.objectContaining({ code: 'no-day-key' }));
    await expect.poll(() => ring.days()).toContain(jumped / DAY - 0.5);
    expect(ring.keysFor('192.0.2.7', jumped).client).not.toBe('0');
  }
});

test('another master key cannot open the keyring', async () => {
  const store = shelf();
  await openClientKeyring(store, createSealer(randomBytes(32)), networks, NOON);
  await expect(openClientKeyring(store, createSealer(randomBytes(32)), networks, NOON)).rejects.toMatchObject({
    code: 'unsealing-failed',
  });
});
