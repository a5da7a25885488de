import { expect, test } from 'vitest';
import type { LiveAddressRow } from '../stores/requests.ts';
import { createLiveAddresses } from './live-addresses.ts';

test('an address is stored once a flush, as it was last seen, apart for each tenant', async () => {
  const stored: LiveAddressRow[][] = [];
  const live = createLiveAddresses(
    async (rows) => void stored.push(rows),
    () => undefined,
  );
  live.add('a', '192.0.2.1', '7', 100);
  live.add('a', '192.0.2.1', '7', 300);
  live.add('a', '192.0.2.1', '7', 200);
  live.add('b', '192.0.2.1', '8', 50);
  await live.close();
  expect(stored).toEqual([
    [
      { tenantId: 'a', address: '192.0.2.1', clientKey: '7', lastSeen: 300 },
      { tenantId: 'b', address: '192.0.2.1', clientKey: '8', lastSeen: 50 },
    ],
  ]);
});

test('a store that is away is told of, and what comes later is stored by itself', async () => {
  const stored: LiveAddressRow[][] = [];
  const errors: unknown[] = [];
  let away = true;
  const live = createLiveAddresses(
    async (rows) => {
      if (away) throw new Error('the store is away');
      stored.push(rows);
    },
    (error) => errors.push(error),
  );
  live.add('a', '192.0.2.1', '7', 100);
  await expect.poll(() => errors.length).toBe(1);
  away = false;
  live.add('a', '192.0.2.2', '8', 200);
  await expect.poll(() => stored.flat().map(({ address }) => address)).toEqual(['192.0.2.2']);
  await live.close();
});
