import type { RawRequest, Refusal } from '../model/request.ts';
import type { StoredRequest } from '../model/stored-request.ts';
import type { ErasedIds } from '../privacy/erased-ids.ts';
import { keepRows, textColumn, uuidColumn } from '../stores/native-rows.ts';
import type { Context, Prepare } from './prepare.ts';
import type { PrepareInteractions } from './prepare-interaction.ts';

const VISITOR = 'vedette-visitor-id';
const NO_TEXT = Buffer.alloc(0);

/**
 * What comes under the id of a visitor whose data was erased: a request from before the erasure, which is late or sent
 * again, is dropped; a later one counts as that of somebody who refused.
 */
export function withErasures(prepare: Required<Prepare> & Prepare, erased: ErasedIds): Required<Prepare> & Prepare {
  const guarded = (raw: RawRequest, context: Context): StoredRequest | Refusal => {
    const visitor = erased.size === 0 ? undefined : raw.headers?.[VISITOR];
    if (visitor === undefined || visitor === '') return prepare(raw, context);
    const at = erased.erasedAt(context.tenantId, visitor);
    if (at === null) return prepare(raw, context);
    if (raw.time <= at) return { refused: 'erased', detail: 'the data of this visitor was erased' };
    const { [VISITOR]: _, ...headers } = raw.headers ?? {};
    return prepare({ ...raw, headers, consent: 'refused' }, context);
  };
  return Object.assign(guarded, { parts: prepare.parts });
}

/** What a page tells under the id of a visitor whose data was erased counts as told by somebody who refused. */
export function withErasedBeacons(prepare: PrepareInteractions, erased: ErasedIds): PrepareInteractions {
  return (beacon, received, policy) => {
    const { tenantId, visitorId } = beacon;
    const known = erased.size > 0 && visitorId !== '' && erased.erasedAt(tenantId, visitorId) !== null;
    return prepare(known ? { ...beacon, choice: 'refused', visitorId: '' } : beacon, received, policy);
  };
}

interface Batch {
  token: string;
  count: number;
  bytes: Buffer;
}

/**
 * The batch without rows of visitors whose data was erased: those that were on their way when it was, in a spool or a
 * broker. Batches that are no blocks are left for the store to refuse.
 */
export function withoutErased<B extends Batch>(batch: B, erased: ErasedIds): B {
  if (erased.size === 0 || batch.count === 0) return batch;
  const visitors = textColumn(batch.bytes, 'visitor_id');
  if (visitors === null || visitors.every((visitor) => visitor.length === 0)) return batch;
  const tenants = uuidColumn(batch.bytes, 'tenant_id') ?? [];
  const dropped = new Set<number>();
  for (const [row, visitor] of visitors.entries()) {
    if ((visitor ?? NO_TEXT).length === 0) continue;
    if (erased.erasedAt(tenants[row] ?? '', visitor.toString('latin1')) !== null) dropped.add(row);
  }
  if (dropped.size === 0) return batch;
  return { ...batch, count: batch.count - dropped.size, bytes: keepRows(batch.bytes, (row) => !dropped.has(row)) };
}
