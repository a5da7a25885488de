import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Refusal } from '../model/request.ts';

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A host pattern as it is stored and compared: lower case, IDNA as ASCII (UTS 46), without a trailing dot. It is a
 * host name, an IPv4 or IPv6 address, or `*.` before a name. Refusal `bad-domain` says what is wrong.
 */
export function normaliseHostPattern(text: string): string | Refusal {
  const trimmed = text.trim().replace(/\.$/, '');
  const wild = trimmed.startsWith('*.');
  const name = wild ? trimmed.slice(2) : trimmed;
  const bad = (why: string): Refusal => ({ refused: 'bad-domain', detail: `${JSON.stringify(text)} ${why}` });
  if (name === '') return bad('is empty');
  if (name.includes('*')) return bad('may have * only as its first label, as in *.example.com');
  if (isIP(name) !== 0) return wild ? bad('has * before an address') : name.toLowerCase();
  if (/[/:@?#\s]/.test(name)) return bad('must be a host alone, without scheme, port or path');
  // domainToASCII maps names that end in a number to IPv4 addresses and answers '' to what it cannot map.
  const ascii = domainToASCII(name) || name.toLowerCase();
  if (isIP(ascii) !== 0) return bad('is an address in an unusual spelling');
  if (ascii.length > 253) return bad('is longer than 253 characters');
  const label = ascii.split('.').find((part) => !LABEL.test(part));
  if (label !== undefined) return bad(`has the label ${JSON.stringify(label)}, which no host name may have`);
  return wild ? `*.${ascii}` : ascii;
}

/** Finds the value of a host: its own, or that of the longest wildcard above it. */
export class HostTable<T> {
  readonly size: number;
  private readonly exact = new Map<string, T>();
  private readonly wild = new Map<string, T>();

  constructor(entries: Iterable<readonly [pattern: string, value: T]>) {
    for (const [pattern, value] of entries) {
      if (pattern.startsWith('*.')) this.wild.set(pattern.slice(2), value);
      else this.exact.set(pattern, value);
    }
    this.size = this.exact.size + this.wild.size;
  }

  /** The host in lower case without port; a trailing dot is let pass. */
  find(host: string): T | undefined {
    const name = host.endsWith('.') ? host.slice(0, -1) : host;
    const found = this.exact.get(name);
    if (found !== undefined || this.wild.size === 0) return found;
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      const above = this.wild.get(name.slice(dot + 1));
      // A name that begins with a dot has no label where the * stands.
      if (above !== undefined && dot > 0) return above;
    }
    return undefined;
  }
}
