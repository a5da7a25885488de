import { canonicalAddress, formatIpv4, formatIpv6, ipv4Number, ipv6Words, isMapped, maskWords } from './address.ts';

/** A block of addresses: family, first address as four words (IPv4 in the last one) and prefix length. */
export interface Cidr {
  family: 4 | 6;
  words: Uint32Array;
  /** 0–32 for IPv4, 0–128 for IPv6. */
  bits: number;
}

/**
 * Reads `192.0.2.0/24`, `2001:db8::/32` or one address (a /32 or /128). Bits beyond the prefix are cleared. An
 * IPv4-mapped block of /96 or longer is the IPv4 block it stands for. null when the text is not a block.
 */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const length = slash < 0 ? '' : text.slice(slash + 1);
  if (slash >= 0 && !/^(0|[1-9]\d{0,2})$/.test(length)) return null;
  const words = new Uint32Array(4);
  const v4 = ipv4Number(address);
  let bits = slash < 0 ? 128 : Number(length);
  if (v4 >= 0) {
    bits = slash < 0 ? 32 : bits;
    return bits > 32 ? null : block4(v4, bits);
  }
  if (address.includes('%') || !ipv6Words(address, words) || bits > 128) return null;
  if (isMapped(words) && bits >= 96) return block4(words[3] as number, bits - 96);
  maskWords(words, bits);
  return { family: 6, words, bits };
}

function block4(value: number, bits: number): Cidr {
  const masked = bits === 0 ? 0 : (value & (-1 << (32 - bits))) >>> 0;
  return { family: 4, words: Uint32Array.of(0, 0, 0, masked), bits };
}

/** Canonical text of a block. */
export function formatCidr(cidr: Cidr): string {
  const first = cidr.family === 4 ? formatIpv4(cidr.words[3] as number) : formatIpv6(cidr.words);
  return `${first}/${cidr.bits}`;
}

/** Whether a block holds an address given as text; false when the text is no address. */
export function cidrContains(cidr: Cidr, address: string): boolean {
  const text = canonicalAddress(address);
  const v4 = ipv4Number(text);
  const bits = cidr.bits;
  if (v4 >= 0) {
    if (cidr.family !== 4) return false;
    return bits === 0 || (v4 & (-1 << (32 - bits))) >>> 0 === cidr.words[3];
  }
  const words = new Uint32Array(4);
  if (cidr.family !== 6 || !ipv6Words(text, words)) return false;
  maskWords(words, bits);
  return words.every((word, i) => word === cidr.words[i]);
}
