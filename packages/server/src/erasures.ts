import type { Closing } from './engines.ts';
import { type ErasedIds, openErasedIds } from './privacy/erased-ids.ts';
import type { Sealer } from './privacy/sealing.ts';
import type { Log, Records } from './stores/records.ts';

const REFRESH_MS = 30_000;

/** The ids whose data was erased, in step with what other processes erase: announced, and looked up besides. */
export async function watchErasedIds(records: Records, sealer: Sealer, log: Log, closing: Closing): Promise<ErasedIds> {
  const ids = await openErasedIds(records.unscoped, sealer);
  const refresh = () => {
    ids.refresh().catch((error: unknown) => log.warn({ err: error }, 'reading what was erased failed; trying again'));
  };
  records.watch('erasures', refresh);
  const timer = setInterval(refresh, REFRESH_MS);
  timer.unref();
  closing.add('erasures', () => clearInterval(timer));
  return ids;
}
