import { hostname } from 'node:os';
import { type ProxyTrust, proxyTrust } from './client-address.ts';
import { CONSENT_COOKIE } from './consent.ts';
import { DEFAULT_HEADERS } from './headers.ts';
import type { Output } from './recorder.ts';

export interface EdgeOptions {
  /** Where the hub is, such as `https://hub.example`. Without it, requests go to `outputs` alone. */
  url?: string;
  /** An API key of scope ingest. */
  key?: string;
  /** What this edge calls itself; the host's name unless told. */
  name?: string;
  /** Proxies in front of the app: addresses and CIDRs, or how many there are. Unless told, the socket's peer is the client. */
  trustedProxies?: number | readonly string[];
  /** The header those proxies write. */
  forwardedHeader?: 'x-forwarded-for' | 'forwarded';
  /** Request headers that go along, instead of `DEFAULT_HEADERS`. */
  headers?: readonly string[];
  /**
   * Name of the first-party cookie that holds a person's choice about consent, `vedette_consent` unless told. Only the
   * choice is read, and the visitor's random id where that was granted; no cookie leaves. `false`: cookies are not read.
   */
  consentCookie?: string | false;
  /** Requests for hosts that no tenant has: `send` them (default), or `drop` them here. */
  unknownHosts?: 'send' | 'drop';
  /** Requests that may wait in memory. */
  ringSize?: number;
  /** Requests in one delivery, at most. */
  batchSize?: number;
  /** Ms after which a delivery goes that is not full. */
  flushMs?: number;
  /** Ms an answer of the hub may take. */
  timeoutMs?: number;
  /** Directory for what no longer fits into memory while the hub is away. Unless told, the oldest is dropped instead. */
  spoolDir?: string;
  /** Bytes the spool may have. */
  spoolBytes?: number;
  /** Told of everything that goes wrong; never thrown. */
  onError?: (error: Error) => void;
  /** Further places requests are written to, such as `zeek(…)`. */
  outputs?: readonly Output[];
}

/** The options, checked and complete. */
export interface Settings {
  hub: { url: URL; key: string } | null;
  name: string;
  trust: ProxyTrust;
  headers: readonly string[];
  /** null: cookies are not read. */
  consentCookie: string | null;
  unknownHosts: 'send' | 'drop';
  ringSize: number;
  batchSize: number;
  flushMs: number;
  timeoutMs: number;
  spoolDir: string | null;
  spoolBytes: number;
  onError: (error: Error) => void;
  outputs: readonly Output[];
}

const KNOWN = new Set(
  (
    'url key name trustedProxies forwardedHeader headers consentCookie unknownHosts ringSize batchSize flushMs ' +
    'timeoutMs spoolDir spoolBytes onError outputs'
  ).split(' '),
);

/** Throws a TypeError that names the option that is wrong. */
export function readOptions(options: EdgeOptions): Settings {
  for (const name of Object.keys(options)) {
    if (!KNOWN.has(name)) throw new TypeError(`there is no option "${name}"; there are: ${[...KNOWN].join(', ')}`);
  }
  const header = oneOf('forwardedHeader', options.forwardedHeader, ['x-forwarded-for', 'forwarded']);
  const hub = readHub(options);
  const outputs = options.outputs ?? [];
  if (hub === null && outputs.length === 0) {
    throw new TypeError('url is missing: where the hub is, such as "https://hub.example"');
  }
  if (hub === null && options.spoolDir !== undefined) throw new TypeError('spoolDir is for a hub, and url is missing');
  return {
    hub,
    // It becomes a header.
    name: (options.name ?? hostname()).replace(/[^\x20-\x7e]/g, '?').slice(0, 200),
    trust: proxyTrust(options.trustedProxies ?? [], header),
    headers: options.headers ?? DEFAULT_HEADERS,
    consentCookie: readCookieName(options.consentCookie),
    unknownHosts: oneOf('unknownHosts', options.unknownHosts, ['send', 'drop']),
    ringSize: whole('ringSize', options.ringSize, 50_000, 1, 10_000_000),
    batchSize: whole('batchSize', options.batchSize, 10_000, 1, 10_000),
    flushMs: whole('flushMs', options.flushMs, 1000, 1, 600_000),
    timeoutMs: whole('timeoutMs', options.timeoutMs, 15_000, 1, 600_000),
    spoolDir: options.spoolDir ?? null,
    spoolBytes: whole('spoolBytes', options.spoolBytes, 256 * 1024 * 1024, 1, Number.MAX_SAFE_INTEGER),
    onError: options.onError ?? (() => undefined),
    outputs,
  };
}

function readHub({ url, key }: EdgeOptions): Settings['hub'] {
  if (url === undefined || url === '') return null;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new TypeError(`url: "${url}" is no URL; it is something like "https://hub.example"`);
  }
  if (!/^https?:$/.test(parsed.protocol)) throw new TypeError(`url: "${url}" begins with neither http:// nor https://`);
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError(
      'key is missing: an API key of scope ingest ("npx vedette key create --tenant T --scope ingest")',
    );
  }
  return { url: parsed, key };
}

/** A cookie's name is a token (RFC 6265 §4.1.1). */
function readCookieName(name: string | false = CONSENT_COOKIE): string | null {
  if (name === false) return null;
  if (typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) return name;
  throw new TypeError(`consentCookie: "${String(name)}" is neither false nor the name of a cookie`);
}

function oneOf<T extends string>(name: string, value: T | undefined, choices: readonly [T, ...T[]]): T {
  if (value === undefined) return choices[0];
  if (choices.includes(value)) return value;
  throw new TypeError(`${name}: "${String(value)}" is none of ${choices.join(', ')}`);
}

function whole(name: string, value: number | undefined, otherwise: number, least: number, most: number): number {
  if (value === undefined) return otherwise;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`${name}: ${String(value)} is no whole number from ${least} to ${most}`);
}
