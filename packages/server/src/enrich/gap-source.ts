import type { Place } from '../model/enrichment.ts';
import type { AsEntry } from './network-csv.ts';

/** What a second source says of an address. A part it does not know is null. */
export interface GapAnswer {
  place: Place | null;
  system: AsEntry | null;
}

/** A second source for addresses that local data does not know. Never on the way of a request. */
export interface GapSource {
  /**
   * The answer if it is already there, else null; the source may then ask for it in the background. `address` is
   * canonical and global.
   */
  answer(address: string): GapAnswer | null;
}
