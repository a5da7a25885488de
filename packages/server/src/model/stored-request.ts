import type { Agent, Network, Place } from './enrichment.ts';
import type { ConsentChoice, RawRequest, RequestOrigin } from './request.ts';

/** Keyed hashes that stand for an address on one day; unsigned 64-bit integers as decimal text, '0' when unknown. */
export interface ClientKeys {
  client: string;
  /** Of its /24 or /64. */
  net: string;
  /** Of an IPv6 address's /48; '0' for IPv4. */
  site: string;
  /** Day of the key, days since the epoch. */
  day: number;
}

export const NO_KEYS: ClientKeys = Object.freeze({ client: '0', net: '0', site: '0', day: 0 });

/**
 * One request as the store takes it: enriched, its query redacted, cut down to what the consent table keeps. It holds
 * no address (`request.clientAddress` is not stored). Place, network and agent are shared objects, so that an encoder
 * may cache by identity.
 */
export interface StoredRequest {
  /** UUIDv7. */
  id: string;
  tenantId: string;
  /** The tenant's domain that the host belongs to, or the host as seen. */
  domain: string;
  request: RawRequest;
  /** ms since the epoch at which the hub took it in. */
  received: number;
  /** Day on which the row may be dropped, days since the epoch. */
  expiresOn: number;
  /** false: counted in the roll-ups only. */
  kept: boolean;
  /** The consent class the row was decided under. */
  consent: ConsentChoice;
  /** Random id of the consent cookie, '' unless granted. */
  visitorId: string;
  keys: ClientKeys;
  place: Place;
  network: Network;
  agent: Agent;
  /** Whether forward-confirmed DNS or a published range proved the bot. */
  botVerified: boolean;
  /** 0–100, null while unknown. */
  threatScore: number | null;
  threatSources: readonly string[];
  /** 0–100, null while unknown. */
  attackScore: number | null;
  attackRules: readonly string[];
  origin: RequestOrigin;
}
