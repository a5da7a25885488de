/**
 * Addresses as values: text to numbers, numbers to canonical text, what an address is for.
 * Text forms: RFC 4291 §2.2 in, RFC 5952 out. Scopes: the IANA special-purpose address registries (RFC 6890).
 */

/** What an address is for. Only `global` ones can be looked up or fetched from. `shared` is carrier-grade NAT (RFC 6598). */
export type AddressScope =
  | 'global'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'documentation'
  | 'multicast'
  | 'reserved'
  | 'shared'
  | 'invalid';

/** The longest text an address can have, zone included (RFC 4007 gives no limit; interface names are under 64). */
const LONGEST_TEXT = 128;

/**
 * An IPv4 address in dotted decimal as an unsigned 32-bit number; -1 when the text is anything else.
 * Leading zeros are refused, because readers disagree on whether they mean octal (RFC 6943 §3.1.1).
 */
export function ipv4Number(text: string): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      if (digits > 0 && octet === 0) return -1;
      octet = octet * 10 + code - 48;
      if (octet > 255) return -1;
      digits++;
    } else if (code === 46 && digits > 0 && dots < 3) {
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots++;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

const groups = new Uint16Array(8);

/**
 * Reads an IPv6 address into four 32-bit words, most significant first, without allocating. A zone (`%eth0`) is
 * accepted and left out: it means something on one machine only. False when the text is not an IPv6 address;
 * `out` is then undefined.
 */
export function ipv6Words(text: string, out: Uint32Array): boolean {
  if (text.length > LONGEST_TEXT) return false;
  const zone = text.indexOf('%');
  const end = zone < 0 ? text.length : zone;
  if (zone >= 0 && (zone === text.length - 1 || text.indexOf('%', zone + 1) >= 0)) return false;
  let count = 0;
  let gap = -1;
  let i = 0;
  if (text.charCodeAt(0) === 58) {
    if (text.charCodeAt(1) !== 58) return false;
    gap = 0;
    i = 2;
  }
  while (i < end) {
    const start = i;
    let value = 0;
    let code = 0;
    for (; i < end; i++) {
      code = text.charCodeAt(i);
      const digit = hexDigit(code);
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    if (i < end && code === 46) {
      const tail = ipv4Number(text.slice(start, end));
      if (tail < 0 || count > 6) return false;
      groups[count++] = tail >>> 16;
      groups[count++] = tail & 0xffff;
      break;
    }
    if (i === start || i - start > 4 || count > 7) return false;
    groups[count++] = value;
    if (i === end) break;
    if (code !== 58) return false;
    i++;
    if (i < end && text.charCodeAt(i) === 58) {
      if (gap >= 0) return false;
      gap = count;
      i++;
    } else if (i === end) return false;
  }
  return spread(count, gap, out);
}

/** Puts the groups read into place around the `::`. */
function spread(count: number, gap: number, out: Uint32Array): boolean {
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap >= 0) {
    const moved = count - gap;
    groups.copyWithin(8 - moved, gap, count);
    groups.fill(0, gap, 8 - moved);
  }
  for (let word = 0; word < 4; word++) {
    out[word] = (groups[word * 2] as number) * 0x10000 + (groups[word * 2 + 1] as number);
  }
  return true;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Dotted decimal of an unsigned 32-bit number. */
export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952 text of four words: lower case, no leading zeros, the longest (first of equals) run of two or more zero groups as `::`. */
export function formatIpv6(words: Uint32Array): string {
  const group = (i: number): number => ((words[i >> 1] as number) >>> (i & 1 ? 0 : 16)) & 0xffff;
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && group(i + length) === 0) length++;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
    i += length;
  }
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      text += '::';
      i += bestLength - 1;
    } else {
      text += (i > 0 && i !== best + bestLength ? ':' : '') + group(i).toString(16);
    }
  }
  return text;
}

const words = new Uint32Array(4);

/** Whether four words are an IPv4-mapped address (`::ffff:0:0/96`). */
export function isMapped(address: Uint32Array): boolean {
  return address[0] === 0 && address[1] === 0 && address[2] === 0xffff;
}

/**
 * The one text of an address: IPv4 as it is, IPv6 by RFC 5952, IPv4-mapped IPv6 as the IPv4 address it stands for,
 * without zone. '' when the text is not an address (host names, ports, brackets, octal or short forms).
 */
export function canonicalAddress(text: string): string {
  if (ipv4Number(text) >= 0) return text;
  if (!ipv6Words(text, words)) return '';
  return isMapped(words) ? formatIpv4(words[3] as number) : formatIpv6(words);
}

/** What an address, in any text form `canonicalAddress` takes, is for. */
export function addressScope(text: string): AddressScope {
  const v4 = ipv4Number(text);
  if (v4 >= 0) return ipv4Scope(v4);
  return ipv6Words(text, words) ? ipv6Scope(words) : 'invalid';
}

/** Scope of an IPv4 address as an unsigned 32-bit number. */
export function ipv4Scope(value: number): AddressScope {
  const a = value >>> 24;
  const b = (value >>> 16) & 255;
  const net = value >>> 8;
  if (a === 10 || (a === 172 && (b & 0xf0) === 16) || (a === 192 && b === 168)) return 'private';
  if (a === 127) return 'loopback';
  if (a === 169 && b === 254) return 'link-local';
  if (a === 100 && (b & 0xc0) === 64) return 'shared';
  if (net === 0xc00002 || net === 0xc63364 || net === 0xcb0071) return 'documentation';
  if (a >= 240 || a === 0) return 'reserved';
  if (a >= 224) return 'multicast';
  // 192.0.0.0/24 protocol assignments (the two anycast addresses .9 and .10 aside), 192.88.99.0/24 and benchmarks.
  if (net === 0xc00000) return (value & 255) === 9 || (value & 255) === 10 ? 'global' : 'reserved';
  if (net === 0xc05863 || (a === 198 && (b & 0xfe) === 18)) return 'reserved';
  return 'global';
}

/** Scope of an IPv6 address as four words. One that carries an IPv4 address (mapped, NAT64, 6to4) has that address's scope. */
export function ipv6Scope(address: Uint32Array): AddressScope {
  const [w0, w1, w2, w3] = address as unknown as [number, number, number, number];
  if (isMapped(address) || (w0 === 0x64ff9b && w1 === 0 && w2 === 0)) return ipv4Scope(w3);
  if (w0 === 0 && w1 === 0 && w2 === 0) return w3 === 1 ? 'loopback' : 'reserved';
  const top = w0 >>> 16;
  if (top === 0x2002) return ipv4Scope(((w0 << 16) | (w1 >>> 16)) >>> 0);
  if (top >>> 9 === 0xfc >>> 1) return 'private';
  if (top >>> 6 === 0xfe80 >>> 6) return 'link-local';
  // Site-local (deprecated, RFC 3879) and local-use NAT64 (RFC 8215).
  if (top >>> 6 === 0xfec0 >>> 6 || (w0 === 0x64ff9b && w1 >>> 16 === 1)) return 'private';
  if (top >>> 8 === 0xff) return 'multicast';
  if (w0 === 0x20010db8 || w0 >>> 12 === 0x3fff0) return 'documentation';
  if (w0 >>> 9 === 0x20010000 >>> 9) return isGlobalAssignment(w0, w1) ? 'global' : 'reserved';
  return top >>> 13 === 1 ? 'global' : 'reserved';
}

/** The globally reachable parts of 2001::/23: anycast (2001:1::/32), AMT, AS112, ORCHIDv2, drone remote ID. */
function isGlobalAssignment(w0: number, w1: number): boolean {
  if (w0 === 0x20010001 || w0 === 0x20010003) return true;
  if (w0 === 0x20010004 && w1 >>> 16 === 0x112) return true;
  return w0 >>> 4 === 0x2001002 || w0 >>> 4 === 0x2001003;
}

/** The /24 (IPv4) or /64 (IPv6) an address is in, as canonical CIDR text; '' when the text is no address. */
export function netOf(address: string): string {
  return networkOf(address, 24, 64);
}

/** The /48 an IPv6 address is in, as canonical CIDR text; '' for IPv4 and for text that is no address. */
export function siteOf(address: string): string {
  return networkOf(address, -1, 48);
}

function networkOf(address: string, bits4: number, bits6: number): string {
  let v4 = ipv4Number(address);
  if (v4 < 0) {
    if (!ipv6Words(address, words)) return '';
    if (!isMapped(words)) {
      maskWords(words, bits6);
      return `${formatIpv6(words)}/${bits6}`;
    }
    v4 = words[3] as number;
  }
  if (bits4 < 0) return '';
  return `${formatIpv4((v4 & (-1 << (32 - bits4))) >>> 0)}/${bits4}`;
}

/** Clears all but the first `bits` (0–128) bits, in place. */
export function maskWords(address: Uint32Array, bits: number): void {
  for (let i = 0; i < 4; i++) {
    const keep = Math.min(32, Math.max(0, bits - i * 32));
    if (keep === 0) address[i] = 0;
    else if (keep < 32) address[i] = (address[i] as number) & (-1 << (32 - keep));
  }
}
