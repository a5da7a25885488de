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
  ['172.224.0.0/14', 'iCloud Private Relay'],
  ['104.28.0.0/16', 'iCloud Private Relay or WARP'],
  ['146.75.128.0/17', 'iCloud Private Relay'],
  ['140.248.0.0/17', 'iCloud Private Relay'],
  ['8.6.112.0/24', 'WARP'],
  ['2a02:26f7::/32', 'iCloud Private Relay'],
  ['2606:54c0::/32', 'iCloud Private Relay'],
  ['2a09:bac0::/29', 'iCloud Private Relay or WARP'],
  ['2a04:4e41::/32', 'iCloud Private Relay'],
];

/** Blocks that clouds hold as a whole, for addresses in them that no system announced when the data was made. */
const CLOUDS: readonly [string, string][] = [
  ['3.0.0.0/8', 'Amazon'],
  ['13.32.0.0/12', 'Amazon'],
  ['13.64.0.0/11', 'Microsoft'],
  ['13.112.0.0/12', 'Amazon'],
  ['13.200.0.0/13', 'Amazon'],
  ['13.208.0.0/12', 'Amazon'],
  ['13.224.0.0/11', 'Amazon'],
  ['15.152.0.0/13', 'Amazon'],
  ['15.176.0.0/12', 'Amazon'],
  ['16.0.0.0/8', 'Amazon'],
  ['18.128.0.0/9', 'Amazon'],
  ['20.0.0.0/8', 'Microsoft'],
  ['34.64.0.0/10', 'Google'],
  ['34.192.0.0/10', 'Amazon'],
  ['35.152.0.0/13', 'Amazon'],
  ['35.160.0.0/12', 'Amazon'],
  ['35.184.0.0/13', 'Google'],
  ['35.192.0.0/11', 'Google'],
  ['40.64.0.0/10', 'Microsoft'],
  ['44.192.0.0/10', 'Amazon'],
  ['52.0.0.0/8', 'Amazon or Microsoft'],
  ['54.64.0.0/10', 'Amazon'],
  ['54.128.0.0/9', 'Amazon'],
  ['2600:1900::/28', 'Google'],
  ['2600:1f00::/24', 'Amazon'],
  ['2603:1000::/24', 'Microsoft'],
  ['2a05:d000::/25', 'Amazon'],
];

interface Range {
  block: Cidr;
  verdict: KindVerdict;
}

function ranges(
  list: readonly [string, string][],
  verdictOf: (name: string) => KindVerdict,
): { v4: Range[]; v6: Range[] } {
  const all = list.map(([block, name]) => ({
    block: parseCidr(block) as Cidr,
    verdict: Object.freeze(verdictOf(name)),
  }));
  return { v4: all.filter(({ block }) => block.family === 4), v6: all.filter(({ block }) => block.family === 6) };
}

const relays = ranges(RELAYS, (name) => ({
  kind: 'residential',
  confidence: 0.6,
  reason: `people behind ${name}`,
}));
const clouds = ranges(CLOUDS, (name) => ({ kind: 'hosting', confidence: 0.8, reason: `a range of ${name}` }));

/**
 * The kind of one IPv4 address (unsigned 32-bit) where its range says more than its system, null where it does not.
 * `announced`: whether a system is known for it. The answer is the same object for all addresses of a range.
 */
export function kindOfAddress4(address: number, announced: boolean): KindVerdict | null {
  for (const { block, verdict } of announced ? relays.v4 : clouds.v4) {
    if ((address ^ (block.words[3] as number)) >>> (32 - block.bits) === 0) return verdict;
  }
  return null;
}

/** As kindOfAddress4, for an IPv6 address as four words. */
export function kindOfAddress6(words: Uint32Array, announced: boolean): KindVerdict | null {
  for (const { block, verdict } of announced ? relays.v6 : clouds.v6) {
    if (((words[0] as number) ^ (block.words[0] as number)) >>> (32 - block.bits) === 0) return verdict;
  }
  return null;
}
