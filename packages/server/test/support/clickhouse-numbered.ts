import type { RequestBatch } from '../../src/stores/requests.ts';
import { encodeRows } from '../../src/stores/requests-encoding.ts';
import { NOON, storedRequest, TENANT_A } from './clickhouse.ts';

export const ROWS_PER_BATCH = 200;

/** Batch `number`: the same rows and token whoever makes it; its number is in the path. */
export function numberedBatch(number: number): RequestBatch {
  const rows = Array.from({ length: ROWS_PER_BATCH }, (_, index) =>
    storedRequest({
      id: `019d00d2-8784-7bc6-8c49-${(number * ROWS_PER_BATCH + index).toString(16).padStart(12, '0')}`,
      tenantId: TENANT_A,
      keys: { client: String(number), net: '1', site: '0', day: 1 },
      request: { time: NOON + index * 1000, path: `/batch/${number}`, durationUs: 1000 },
    }),
  );
  return { token: `batch-${number}`, count: rows.length, bytes: encodeRows(rows) };
}
