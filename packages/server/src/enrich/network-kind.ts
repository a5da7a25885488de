import { type Cidr, parseCidr } from '../model/cidr.ts';
import type { NetworkKind } from '../model/enrichment.ts';
import { kindOfName } from './network-kind-names.ts';
import { knownSystem } from './network-kind-systems.ts';

/** What a network is, how sure that is (0–1) and why, in a few words for people. */
export interface KindVerdict {
  kind: NetworkKind;
  confidence: number;
  reason: string;
}

/** A name's weakest words say too little to be told as a kind of their own. */
const LEAST_WEIGHT = 0.45;

/**
 * The kind of an autonomous system, from common knowledge of its number and the words of its name. One organisation
 * can hold several kinds; the confidence is lower then.
 */
export function classifySystem(asn: number, asOrg: string): KindVerdict {
  if ((asn >= 64512 && asn <= 65535) || asn >= 4_200_000_000) {
    return { kind: 'unknown', confidence: 0, reason: `AS${asn} is for private use` };
  }
  const known = knownSystem(asn);
  if (known) {
    const mixed = known.mixed ? ', among others' : '';
    return {
      kind: known.kind,
      confidence: known.mixed ? 0.7 : 0.97,
      reason: `AS${asn} is known as ${known.kind}${mixed}`,
    };
  }
  const verdict = kindOfName(asOrg);
  if (!verdict || verdict.weight < LEAST_WEIGHT) {
    const reason = asOrg === '' ? (asn === 0 ? 'network unknown' : 'name unknown') : 'the name tells nothing';
    return { kind: 'unknown', confidence: 0, reason };
  }
  // Half of what speaks for another kind counts against the one chosen.
  const confidence = Math.max(0.3, verdict.weight - verdict.rival / 2 + (verdict.rival > 0 ? 0.15 : 0));
  return {
    kind: verdict.kind,
    confidence: Math.round(Math.min(confidence, verdict.weight) * 100) / 100,
    reason: `name says "${verdict.word}"`,
  };
}

/**
 * Ranges inside hosting systems that carry people: egress of iCloud Private Relay (Akamai, Cloudflare, Fastly) and of
 * Cloudflare WARP. Operators publish them. IPv6 blocks are /32 or shorter.
 */
const RELAYS: readonly [string, string][] = [
  ['172.224.0.0/12', 'iCloud Private Relay'],
  ['104.28.0.0/16', 'iCloud Private Relay or WARP'],
  ['146.75.128.0/17', 'iCloud Private Relay'],
  ['140.248.0.0/17', 'iCloud Private Relay'],
  ['8.6.112.0/24', 'WARP'],
  ['2a02:26f7::/32', 'iCloud Private Relay'],
  ['2606:54c0::/32', 'iCloud Private Relay'],
  ['2a09:bac0::/29', 'iCloud Private Relay or WARP'],
  ['2a04:4e41::/32', 'iCloud Private Relay'],
];

const relays = RELAYS.map(([block, name]) => ({
  block: parseCidr(block) as Cidr,
  verdict: Object.freeze<KindVerdict>({ kind: 'residential', confidence: 0.6, reason: `people behind ${name}` }),
}));
const relays4 = relays.filter(({ block }) => block.family === 4);
const relays6 = relays.filter(({ block }) => block.family === 6);

/**
 * The kind of one IPv4 address (unsigned 32-bit) where it differs from its system's, null where it does not. The answer
 * is the same object for all addresses of a range.
 */
export function kindOfAddress4(address: number): KindVerdict | null {
  for (const { block, verdict } of relays4) {
    if ((address ^ (block.words[3] as number)) >>> (32 - block.bits) === 0) return verdict;
  }
  return null;
}

/** As kindOfAddress4, for an IPv6 address as four words. */
export function kindOfAddress6(words: Uint32Array): KindVerdict | null {
  for (const { block, verdict } of relays6) {
    if (((words[0] as number) ^ (block.words[0] as number)) >>> (32 - block.bits) === 0) return verdict;
  }
  return null;
}
