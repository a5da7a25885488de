import { BlockList, isIP } from 'node:net';

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
/** More is no address, and nobody's to make the hub or the app think about. */
const LONGEST_ELEMENT = 1024;

/** Whose word on the client's address counts. */
export interface ProxyTrust {
  header: 'x-forwarded-for' | 'forwarded';
  /** Proxies in front of the app, counted from it; 0 when `blocks` tells. */
  hops: number;
  blocks: BlockList;
  /** False: nobody's, and the header need not even be looked for. */
  any: boolean;
}

/** Reads the option: addresses and CIDRs, or one number of hops. Throws a TypeError that names what is neither. */
export function proxyTrust(proxies: number | readonly string[], header: ProxyTrust['header']): ProxyTrust {
  const blocks = new BlockList();
  if (typeof proxies === 'number') {
    if (!Number.isInteger(proxies) || proxies < 0)
      throw new TypeError(`trustedProxies: ${proxies} is no number of hops`);
    return { header, hops: proxies, blocks, any: proxies > 0 };
  }
  for (const item of proxies) addBlock(blocks, item);
  return { header, hops: 0, blocks, any: proxies.length > 0 };
}

function addBlock(blocks: BlockList, item: string): void {
  const [text = '', bits, more] = item.split('/');
  const address = canonicalAddress(text);
  const family = isIP(address);
  // A mapped block (::ffff:192.0.2.0/120) is the IPv4 block it stands for.
  const shift = isIP(text) === 6 && family === 4 ? 96 : 0;
  const length = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits) - shift;
  const fits = bits === undefined || /^\d{1,3}$/.test(bits);
  if (family === 0 || more !== undefined || !fits || length < 0 || length > (family === 4 ? 32 : 128)) {
    throw new TypeError(`trustedProxies: "${item}" is neither an address, a CIDR nor a number of hops`);
  }
  blocks.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The address a request came from: the socket's peer, unless that is a trusted proxy; then the header is walked from
 * right to left, and the first address that is not a trusted proxy's is the client. What stands further left was
 * written by the client itself. The hub has the same rules; both are held to packages/contract/cases/client-address.json.
 */
export function clientAddress(peer: string | undefined, header: string, trust: ProxyTrust): string {
  let client = canonicalAddress(peer ?? '');
  if (!trust.any || header === '' || client === '') return client;
  let walked = 0;
  for (const node of trust.header === 'forwarded' ? forwardedFor(header) : forwardedAddresses(header)) {
    const trusted =
      trust.hops > 0 ? walked < trust.hops : trust.blocks.check(client, client.includes(':') ? 'ipv6' : 'ipv4');
    const before = trusted ? addressOfNode(node) : '';
    if (before === '') break;
    client = before;
    walked += 1;
  }
  return client;
}

/** The one text of an address: IPv6 by RFC 5952, IPv4-mapped IPv6 as IPv4, without zone; '' when it is none. */
export function canonicalAddress(text: string): string {
  const family = isIP(text);
  if (family !== 6) return family === 4 ? text : '';
  const zone = text.indexOf('%');
  const { hostname } = new URL(`http://[${zone < 0 ? text : text.slice(0, zone)}]`);
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  if (mapped === null) return hostname.slice(1, -1);
  const [high, low] = [Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** An address with or without port and brackets; '' for anything else, such as `unknown` or `_hidden`. */
function addressOfNode(node: string): string {
  const text = node.replace(/^"(.*)"$/, '$1');
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text);
  if (bracketed !== null) return canonicalAddress(bracketed[1] as string);
  return canonicalAddress(/^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text);
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
