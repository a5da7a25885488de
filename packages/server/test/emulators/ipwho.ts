import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressScope, canonicalAddress, ipv4Number } from '../../src/model/address.ts';

/** How the emulator behaves: as the service does, or as it does on a bad day. */
export type IpwhoMode =
  | 'normal'
  | 'limit'
  | 'limit-message'
  | 'error'
  | 'garbage'
  | 'slow'
  | 'wrong-address'
  | 'closing';

export interface IpwhoEmulator {
  baseUrl: string;
  mode: IpwhoMode;
  /** Sent with the 429 of `limit`; '' for none. */
  retryAfter: string;
  /** Addresses asked about, as they stood in the path. */
  asked: string[];
  /** What to say of an address beyond the made-up default. */
  known: Map<
    string,
    { country_code?: string; region?: string; city?: string; asn?: number; org?: string; isp?: string }
  >;
  close(): Promise<void>;
}

/** Starts a stand-in for ipwho.is on a free loopback port: the service's wire shape, with made-up facts. */
export async function startIpwho(): Promise<IpwhoEmulator> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent((request.url ?? '/').slice(1).split('?')[0] as string);
    emulator.asked.push(asked);
    reply(emulator, asked, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const emulator: IpwhoEmulator = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'normal',
    retryAfter: '',
    asked: [],
    known: new Map(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return emulator;
}

function reply(emulator: IpwhoEmulator, asked: string, response: ServerResponse): void {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));
  };
  switch (emulator.mode) {
    case 'limit':
      json(
        429,
        { success: false, message: 'Too many requests' },
        emulator.retryAfter ? { 'retry-after': emulator.retryAfter } : {},
      );
      return;
    case 'limit-message':
      json(200, { ip: asked, success: false, message: "You've hit the monthly limit" });
      return;
    case 'error':
      response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Internal Server Error</h1>');
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ip": "8.8');
      return;
    case 'slow':
      return;
    case 'closing':
      response.destroy();
      return;
    case 'wrong-address':
      json(200, answerAbout(emulator, '9.9.9.9'));
      return;
    default:
      json(200, answerAbout(emulator, asked));
  }
}

function answerAbout(emulator: IpwhoEmulator, asked: string): object {
  const ip = canonicalAddress(asked);
  if (ip === '') return { ip: asked, success: false, message: 'Invalid IP address' };
  if (addressScope(ip) !== 'global') return { ip, success: false, message: 'Reserved range' };
  const known = emulator.known.get(ip) ?? {};
  return {
    ip,
    success: true,
    type: ipv4Number(ip) >= 0 ? 'IPv4' : 'IPv6',
    continent: 'Europe',
    continent_code: 'EU',
    country: 'Netherlands',
    country_code: known.country_code ?? 'NL',
    region: known.region ?? 'North Holland',
    region_code: 'NH',
    city: known.city ?? 'Amsterdam',
    latitude: 52.3675734,
    longitude: 4.9041389,
    is_eu: true,
    postal: '1012',
    calling_code: '31',
    capital: 'Amsterdam',
    borders: 'BE,DE',
    flag: {
      img: 'https://cdn.ipwhois.io/flags/nl.svg',
      emoji: '\u{1F1F3}\u{1F1F1}',
      emoji_unicode: 'U+1F1F3 U+1F1F1',
    },
    connection: {
      asn: known.asn ?? 64496,
      org: known.org ?? 'Example Telecom',
      isp: known.isp ?? 'Example Broadband',
      domain: 'telecom.example',
    },
    timezone: {
      id: 'Europe/Amsterdam',
      abbr: 'CET',
      is_dst: false,
      offset: 3600,
      utc: '+01:00',
      current_time: '2026-01-01T12:00:00+01:00',
    },
  };
}
