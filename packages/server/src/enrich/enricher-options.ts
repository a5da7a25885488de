import type { GapSource } from './gap-source.ts';
import type { FileContents } from './geo-files.ts';

/** Names under which `vedette geo update` keeps fresh data in its directory. */
export const UPDATED_PLACE_FILE = 'dbip-city-lite.mmdb';
export const UPDATED_ASN_FILE = 'dbip-asn-lite.mmdb';

export interface EnricherOptions {
  /** MMDB with places: for IPv4, or for both families. */
  geoPath?: string | undefined;
  /** MMDB with places for IPv6. */
  geo6Path?: string | undefined;
  /** MMDB or CSV (`first,last,asn,name`) with AS numbers: for IPv4, or for both families. */
  asnPath?: string | undefined;
  /** MMDB or CSV with AS numbers for IPv6. */
  asn6Path?: string | undefined;
  /** Directory that `vedette geo update` fills; what it holds comes before what came with the install. */
  updateDir?: string | undefined;
  /** Addresses remembered, 200,000 unless told. */
  addressCacheSize?: number | undefined;
  /** User agents remembered; the agent enricher's default unless told. */
  agentCacheSize?: number | undefined;
  /** Asked, in the background, about addresses the local data does not know. None unless told. */
  gaps?: GapSource | undefined;
  /** Read files again when they change on disk. On unless told; a one-shot command has no need of it. */
  watch?: boolean | undefined;
  /** Files read already, by path. They are not read again, so it goes with `watch: false`. */
  contents?: FileContents | undefined;
  /** Told of broken records, files that could not be read again and the like; enrichment goes on. */
  onFault?: ((error: unknown) => void) | undefined;
}
