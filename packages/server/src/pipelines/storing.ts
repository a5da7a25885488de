import type { BatchKind } from '../model/batch-kind.ts';
import { Fault } from '../model/fault.ts';
import { keepRows } from '../stores/native-rows.ts';
import type { KeptReceipt, StreamedBatch, StreamHandler } from '../stores/stream.ts';
import type { ReceiptBook } from './receipts.ts';

/** What stores batches of one kind; a repetition under the same token changes nothing. */
export interface BatchStore {
  insert(batch: { token: string; count: number; bytes: Buffer }): Promise<void>;
}

export interface StoringStages {
  /** Who takes the rows of each kind. */
  stores: Readonly<Record<BatchKind, BatchStore>>;
  receipts: Pick<ReceiptBook, 'isFirst' | 'keep'>;
  /** Whether a fault of the store is about this batch (it will never be taken), not about the store. */
  isPermanent?: (error: unknown) => boolean;
}

/** The last step of every batch's way, whatever its rows are. */
export interface Storing {
  /** Stores a batch that comes out of the stream, but for what another batch or copy has stored. */
  store: StreamHandler;
  /** Batches that were another's copy, and so not stored again. */
  repeats(): number;
}

export function createStoring({ stores, receipts, isPermanent }: StoringStages): Storing {
  let repeats = 0;
  return {
    async store(batch) {
      const { kind, token, receipts: carried, copy } = batch;
      if (copy !== null && !(await receipts.isFirst(token, copy))) {
        repeats += 1;
        return null;
      }
      const repeated = carried.length === 0 ? [] : await receipts.keep(token, carried);
      try {
        await stores[kind].insert({ token, ...withoutRepeated(batch, repeated) });
        return null;
      } catch (error) {
        const permanent = isPermanent?.(error) === true || (error instanceof Fault && error.code === 'bad-block');
        if (!permanent) throw error;
        return { refused: 'refused-by-the-store', detail: String(error) };
      }
    },
    repeats: () => repeats,
  };
}

/** The batch's rows but for those of deliveries that another batch has. */
function withoutRepeated(
  { count, bytes }: StreamedBatch,
  repeated: readonly KeptReceipt[],
): { count: number; bytes: Buffer } {
  const dropped = new Set<number>();
  for (const { start, rows } of repeated) for (let row = start; row < start + rows; row += 1) dropped.add(row);
  if (dropped.size === 0) return { count, bytes };
  return { count: count - dropped.size, bytes: keepRows(bytes, (row) => !dropped.has(row)) };
}
