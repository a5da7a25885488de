import { hexDigit } from './text.ts';

/** Distinct spellings remembered before the memory is emptied; a log rarely has more clients than this at a time. */
const REMEMBERED = 1 << 16;
const remembered = new Map<string, string>();

const DOT = 46;
const COLON = 58;
const ZERO = 48;

/**
 * Canonical text of the address a log names: IPv4 dotted, IPv6 by RFC 5952 in lower case, IPv4-mapped IPv6 as the
 * IPv4, without port, brackets or zone id. '' for everything else (host names, `-`, `unix:`).
 */
export function clientAddress(raw: string): string {
  if (isDottedQuad(raw)) return raw;
  const known = remembered.get(raw);
  if (known !== undefined) return known;
  const address = canonical(raw);
  if (raw.length > 64) return address;
  if (remembered.size >= REMEMBERED) remembered.clear();
  // A slice keeps the whole block it was cut from alive, so what is remembered is copied.
  remembered.set(ownText(raw), ownText(address));
  return address;
}

/**
 * The nearest address of a comma-separated list such as X-Forwarded-For: the last one, because everything to its left
 * was claimed by the client.
 */
export function lastAddress(list: string): string {
  return clientAddress(list.slice(list.lastIndexOf(',') + 1).trim());
}

/** Host in lower case without port and trailing dot; '' for `-`, `_` and what cannot be a host. */
export function hostName(raw: string): string {
  let host = raw;
  if (host.charCodeAt(0) === 91) {
    const close = host.indexOf(']');
    return close < 0 ? '' : clientAddress(host.slice(0, close + 1));
  }
  const colon = host.indexOf(':');
  if (colon >= 0) {
    if (host.indexOf(':', colon + 1) >= 0) return clientAddress(host);
    host = host.slice(0, colon);
  }
  if (host.endsWith('.')) host = host.slice(0, -1);
  if (host === '-' || host === '_' || host.length > 255) return '';
  return host.toLowerCase();
}

/** A copy that does not keep the text it was cut from in memory. Lone surrogates become U+FFFD. */
export function ownText(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8');
}

function canonical(raw: string): string {
  let text = raw;
  if (text.charCodeAt(0) === 91) {
    const close = text.indexOf(']');
    if (close < 0) return '';
    text = text.slice(1, close);
  } else {
    const colon = text.indexOf(':');
    // One colon: an IPv4 address with its port; more: IPv6.
    if (colon >= 0 && text.indexOf(':', colon + 1) < 0) text = text.slice(0, colon);
  }
  if (isDottedQuad(text)) return text;
  const zone = text.indexOf('%');
  if (zone >= 0) text = text.slice(0, zone);
  if (text.length > 45) return '';
  const groups = parseIpv6(text);
  return groups === null ? '' : formatIpv6(groups);
}

/** Four decimal numbers up to 255 without leading zeros: the one spelling that needs no rewriting. */
function isDottedQuad(text: string): boolean {
  const length = text.length;
  if (length < 7 || length > 15) return false;
  let dots = 0;
  let value = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (value < 0 || ++dots > 3) return false;
      value = -1;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9 || value === 0) return false;
      value = value < 0 ? digit : value * 10 + digit;
      if (value > 255) return false;
    }
  }
  return dots === 3 && value >= 0;
}

function parseIpv6(text: string): number[] | null {
  if (text.indexOf(':') < 0) return null;
  const groups: number[] = [];
  let gap = -1;
  let i = 0;
  if (text.startsWith('::')) {
    gap = 0;
    i = 2;
  }
  while (i < text.length) {
    if (groups.length > 7) return null;
    let end = text.indexOf(':', i);
    if (end < 0) end = text.length;
    const part = text.slice(i, end);
    if (part.indexOf('.') >= 0) {
      if (end !== text.length || !isDottedQuad(part)) return null;
      const [a, b, c, d] = part.split('.').map(Number) as [number, number, number, number];
      groups.push((a << 8) | b, (c << 8) | d);
      break;
    }
    const group = hexGroup(part);
    if (group < 0) return null;
    groups.push(group);
    i = end + 1;
    if (end === text.length) break;
    if (text.charCodeAt(i) === COLON) {
      if (gap >= 0) return null;
      gap = groups.length;
      i++;
    } else if (i === text.length) return null;
  }
  if (gap < 0) return groups.length === 8 ? groups : null;
  if (groups.length > 7) return null;
  return [...groups.slice(0, gap), ...Array.from({ length: 8 - groups.length }, () => 0), ...groups.slice(gap)];
}

function hexGroup(part: string): number {
  if (part.length === 0 || part.length > 4) return -1;
  let value = 0;
  for (let i = 0; i < part.length; i++) {
    const digit = hexDigit(part.charCodeAt(i));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups shortened. */
function formatIpv6(groups: number[]): string {
  const [, , , , , mapped, high, low] = groups as [number, number, number, number, number, number, number, number];
  if (mapped === 0xffff && groups.every((group, i) => i > 4 || group === 0)) {
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > length) {
      start = i;
      length = j - i;
    }
    if (j > i) i = j;
  }
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(':');
  return start < 0 ? text(groups) : `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}
