import type { KeptAnswer, Receipt, RefusedRun } from '../model/ways-in.ts';
import type { Records } from '../stores/records.ts';
import type { KeptReceipt } from '../stores/stream.ts';

/** How long a sender's Idempotency-Key, and which copy of a batch was stored, are remembered. */
const RECEIPT_MS = 24 * 3_600_000;
// No sender can send such a key.
const BATCH_PREFIX = '\u0001batch:';

/**
 * What must happen once although it may be asked for twice, remembered in PostgreSQL. The claims are made by whoever is
 * about to store a batch, not by the collector that took it: a claim then stands for rows that are durable already, so
 * that it never has to be taken back from a collector that died, and whoever finds it claimed by another may drop his
 * own rows.
 */
export interface ReceiptBook {
  /** The answer under a sender's key. */
  find(tenantId: string, key: string): Promise<KeptAnswer | undefined>;
  /**
   * Remembers answers with the batch that carries them, and returns those whose key another batch has. Where two
   * collectors took different things under one key, both were acknowledged, and neither is a repetition.
   */
  keep(batchToken: string, receipts: readonly KeptReceipt[]): Promise<KeptReceipt[]>;
  /** Whether this copy of a batch is the one to store: the first that asks is, however often it asks. */
  isFirst(batchToken: string, copy: string): Promise<boolean>;
}

export function createReceiptBook(records: Records, now: () => number = Date.now): ReceiptBook {
  return {
    async find(tenantId, key) {
      const found = await records.forTenant(tenantId).idempotency.find(key);
      return (found?.answer as KeptAnswer | null | undefined) ?? undefined;
    },
    async keep(batchToken, receipts) {
      const repeated: KeptReceipt[] = [];
      for (const [tenantId, own] of Map.groupBy(receipts, (receipt) => receipt.tenantId)) {
        const entries = own.map(({ key, receipt }) => ({ key, answer: receipt }));
        const { idempotency } = records.forTenant(tenantId);
        const taken = await idempotency.claimAll(entries, batchToken, now() + RECEIPT_MS);
        const answers = new Map(taken.map(({ key, answer }) => [key, answer as KeptAnswer]));
        repeated.push(...own.filter(({ key, receipt }) => isRepetition(receipt, answers.get(key))));
      }
      return repeated;
    },
    async isFirst(batchToken, copy) {
      const { idempotency } = records.forTenant(records.installation.id);
      return (await idempotency.claim(`${BATCH_PREFIX}${batchToken}`, copy, now() + RECEIPT_MS)).first;
    },
  };
}

function isRepetition({ fingerprint }: KeptAnswer, known: KeptAnswer | undefined): boolean {
  if (known === undefined) return false;
  return fingerprint === undefined || known.fingerprint === undefined || fingerprint === known.fingerprint;
}

/** A receipt as it is remembered. */
export function keptAnswer({ accepted, refused, fingerprint }: Receipt): KeptAnswer {
  const runs: RefusedRun[] = [];
  for (const { index, refusal } of refused) {
    const last = runs.at(-1);
    if (last?.to === index - 1 && last.refusal.refused === refusal.refused) last.to = index;
    else runs.push({ from: index, to: index, refusal });
  }
  return { accepted, refused: runs, ...(fingerprint === undefined ? {} : { fingerprint }) };
}

/** The receipt that a retry gets; each record of a run has the reason of the run's first. */
export function receiptAgain({ accepted, refused, fingerprint }: KeptAnswer): Receipt {
  const each = refused.flatMap(({ from, to, refusal }) =>
    Array.from({ length: to - from + 1 }, (_, at) => ({ index: from + at, refusal })),
  );
  return { accepted, refused: each, ...(fingerprint === undefined ? {} : { fingerprint }), repeated: true };
}
