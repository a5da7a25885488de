import { canonicalAddress } from '../model/address.ts';
import { type Cidr, cidrContains, parseCidr } from '../model/cidr.ts';
import { UsageFault } from '../model/fault.ts';

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
/** More is no address, and nobody's to make the hub or the app think about. */
const LONGEST_ELEMENT = 1024;

/** Whose word on the client's address counts. */
export interface ProxyTrust {
  header: 'x-forwarded-for' | 'forwarded';
  /** Proxies in front of the hub, counted from it; 0 when `blocks` tells. */
  hops: number;
  blocks: readonly Cidr[];
}

/** Reads the setting: addresses and CIDRs, or one number of hops. Throws a UsageFault that names what is neither. */
export function parseProxyTrust(items: readonly string[], header: ProxyTrust['header']): ProxyTrust {
  const [only = ''] = items;
  if (items.length === 1 && /^\d{1,2}$/.test(only)) return { header, hops: Number(only), blocks: [] };
  const blocks = items.map((item) => {
    const block = parseCidr(item);
    if (block === null) {
      throw new UsageFault(`VEDETTE_TRUSTED_PROXIES: "${item}" is neither an address, a CIDR nor a number of hops`);
    }
    return block;
  });
  return { header, hops: 0, blocks };
}

/**
 * The address a request came from: the socket's peer, unless that is a trusted proxy; then the header is walked from
 * right to left, each trusted proxy vouching for the address before it, and the first that is not trusted is the client.
 * What stands further left was written by the client itself. An entry that is no address ends the walk at the proxy
 * that wrote it. Headers: X-Forwarded-For, or Forwarded (RFC 7239). '' when the peer has no address (a Unix socket).
 */
export function clientAddress(peer: string | undefined, header: string | undefined, trust: ProxyTrust): string {
  let client = canonicalAddress(peer ?? '');
  if (header === undefined || client === '') return client;
  let walked = 0;
  for (const node of trust.header === 'forwarded' ? forwardedFor(header) : forwardedAddresses(header)) {
    const trusted = trust.hops > 0 ? walked < trust.hops : trust.blocks.some((block) => cidrContains(block, client));
    const before = trusted ? addressOfNode(node) : '';
    if (before === '') break;
    client = before;
    walked += 1;
  }
  return client;
}

/** An address with or without port and brackets; '' for anything else, such as `unknown` or `_hidden` (RFC 7239 §6). */
function addressOfNode(node: string): string {
  const text = node.replace(/^"(.*)"$/, '$1');
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text);
  if (bracketed) return canonicalAddress(bracketed[1] as string);
  const withPort = /^([\d.]+):\d{1,5}$/.exec(text);
  return canonicalAddress(withPort ? (withPort[1] as string) : text);
}

/** The `for` of each element of a Forwarded header, the last first; '' where there is none. Commas may stand in quotes. */
function* forwardedFor(header: string): Generator<string> {
  // From the right: what a proxy added is well formed, and a quote that its client left open must not swallow it.
  let end = header.length;
  let quoted = false;
  for (let at = end - 1; at >= 0; at -= 1) {
    const char = header.charCodeAt(at);
    if (char === QUOTE && !isEscaped(header, at)) quoted = !quoted;
    if (char !== COMMA || quoted) continue;
    yield nodeOf(header.slice(at + 1, end));
    end = at;
  }
  yield nodeOf(header.slice(0, end));
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function nodeOf(element: string): string {
  if (element.length > LONGEST_ELEMENT) return '';
  return /(?:^|[;\s])for=("(?:[^"\\]|\\.)*"|[^;,\s]+)/i.exec(element)?.[1] ?? '';
}

/** The entries of an X-Forwarded-For header, the last first. */
function* forwardedAddresses(header: string): Generator<string> {
  for (const entry of header.split(',').reverse()) yield entry.trim();
}
