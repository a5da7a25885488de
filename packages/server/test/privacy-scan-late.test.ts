import { expect, test } from 'vitest';
import { scan } from '../src/privacy/scan.ts';
import { openTestStore, TENANT_A } from './support/clickhouse.ts';

test('addresses of sessions that are over are not excepted any more', async () => {
  const { requestStore } = await lateAddress();
  expect(requestStore).toEqual([
    { kind: 'address', excepted: true, place: 'ClickHouse live_addresses.address' },
    { kind: 'address', excepted: false, place: 'ClickHouse live_addresses.address (past its time)' },
  ]);
});

async function lateAddress() {
  const open = await openTestStore('embedded');
  try {
    const row = (address: string, ago: number) => ({
      tenantId: TENANT_A,
      clientKey: '1',
      address,
      lastSeen: Date.now() - ago,
    });
    await open.store.insertLiveAddresses([row('198.51.100.1', 60_000), row('198.51.100.2', 3 * 3_600_000)]);
    const signal = new AbortController().signal;
    const { findings } = await scan({
      texts: [open.store.texts],
      batches: [],
      directory: null,
      paths: [],
      skipped: [],
      tools: {
        open: () => Promise.reject(new Error('no files')),
        unpack: () => ({ stream: none(), fault: () => null }),
        signal,
      },
    });
    const shown = findings.map(({ kind, excepted, place }) => ({ kind, excepted: excepted !== null, place }));
    return { requestStore: shown.sort((a, b) => a.place.length - b.place.length) };
  } finally {
    await open.close();
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}
