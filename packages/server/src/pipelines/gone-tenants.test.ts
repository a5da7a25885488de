import { expect, test } from 'vitest';
import { storedRequest, TENANT_A, TENANT_B } from '../../test/support/clickhouse.ts';
import { uuidBytes, uuidColumn } from '../stores/native-rows.ts';
import { encodeRows } from '../stores/requests-encoding.ts';
import type { KeptReceipt } from '../stores/stream.ts';
import { receiptsWithoutGone, withoutGone } from './gone-tenants.ts';

const none = { gone: 0, isGone: () => false };
const first = { gone: 1, isGone: (id: string) => id === TENANT_A };
const batch = (tenants: readonly string[]) => ({
  token: 't',
  count: tenants.length,
  bytes: encodeRows(tenants.map((tenantId) => storedRequest({ tenantId }))),
});

test.each([
  ['while nobody is gone, as they come', none, [TENANT_A, TENANT_B], [TENANT_A, TENANT_B]],
  ['of others only, as they come', first, [TENANT_B, TENANT_B], [TENANT_B, TENANT_B]],
  ['of both, without those of the one that is gone', first, [TENANT_A, TENANT_B, TENANT_A], [TENANT_B]],
  ['of the one that is gone only, as none', first, [TENANT_A], []],
])('rows pass, %s', (_, standing, tenants, kept) => {
  const before = batch(tenants);
  const after = withoutGone(before, standing);
  expect(after.count).toBe(kept.length);
  expect(uuidColumn(after.bytes, 'tenant_id')).toEqual(kept);
  if (kept.length === tenants.length) expect(after).toBe(before);
});

test('what senders of a deleted tenant were to be answered is written down nowhere', async () => {
  const kept: string[] = [];
  const book = {
    find: async () => undefined,
    isFirst: async () => true,
    async keep(_: string, receipts: readonly KeptReceipt[]) {
      kept.push(...receipts.map(({ tenantId }) => tenantId));
      return [];
    },
  };
  const receipts = [TENANT_A, TENANT_B].map((tenantId) => ({
    tenantId,
    key: 'k',
    receipt: { accepted: 1, refused: [] },
    start: 0,
    rows: 1,
  }));
  await receiptsWithoutGone(book, first).keep('t', receipts);
  expect(kept).toEqual([TENANT_B]);
});

test('a tenant is found in bytes as a block holds it', () => {
  expect(batch([TENANT_A]).bytes.includes(uuidBytes(TENANT_A))).toBe(true);
  expect(batch([TENANT_A]).bytes.includes(uuidBytes(TENANT_B))).toBe(false);
});
