import { keepRows, uuidColumn } from '../stores/native-rows.ts';
import type { StandingMap } from '../stores/records.ts';
import type { ReceiptBook } from './receipts.ts';

type Gone = Pick<StandingMap, 'gone' | 'isGone'>;

interface Batch {
  token: string;
  count: number;
  bytes: Buffer;
}

/**
 * The batch without rows of tenants that were deleted: those that were on their way then, in a spool or a broker. Batches
 * that are no blocks are left for the store to refuse.
 */
export function withoutGone<B extends Batch>(batch: B, standing: Gone): B {
  if (standing.gone === 0 || batch.count === 0) return batch;
  const tenants = uuidColumn(batch.bytes, 'tenant_id');
  if (tenants === null) return batch;
  const gone = new Set([...new Set(tenants)].filter((tenantId) => standing.isGone(tenantId)));
  if (gone.size === 0) return batch;
  const isKept = tenants.map((tenantId) => !gone.has(tenantId));
  const count = isKept.filter(Boolean).length;
  return { ...batch, count, bytes: keepRows(batch.bytes, (row) => isKept[row] === true) };
}

/** The book without what senders of deleted tenants would want to know again; there is nowhere to write it down. */
export function receiptsWithoutGone(book: ReceiptBook, standing: Gone): ReceiptBook {
  return {
    ...book,
    keep: (batchToken, receipts) =>
      book.keep(
        batchToken,
        standing.gone === 0 ? receipts : receipts.filter(({ tenantId }) => !standing.isGone(tenantId)),
      ),
  };
}
