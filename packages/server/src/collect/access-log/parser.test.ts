import { describe, expect, it } from 'vitest';
import { UsageFault } from '../../model/fault.ts';
import type { RawRequest } from '../../model/request.ts';
import { FORMATS, openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);
const CLF = '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000]';
const UA = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';

type Case = [what: string, format: string, line: string, expected: Partial<RawRequest>];

function accepts(cases: Case[]): void {
  it.each(cases)('%s', (_what, format, line, expected) => {
    expect(openParser(format).parse(line)).toMatchObject(expected);
  });
}

function refuses(cases: [what: string, format: string, line: string, reason: string][]): void {
  it.each(cases)('refuses %s', (_what, format, line, refused) => {
    expect(openParser(format).parse(line)).toMatchObject({ refused, detail: expect.any(String) });
  });
}

describe('the Common Log Format family', () => {
  it('fills every field of a Combined line and nothing else', () => {
    const line = `${CLF} "POST /a/b?c=d%20e HTTP/2.0" 201 2326 "https://example.com/" "${UA}"`;
    expect(openParser('combined').parse(line)).toEqual({
      id: '',
      time: AT,
      clientAddress: '192.0.2.7',
      host: '',
      method: 'POST',
      path: '/a/b',
      query: 'c=d%20e',
      route: '',
      status: 201,
      durationUs: -1,
      bytesIn: -1,
      bytesOut: 2326,
      protocol: 'HTTP/2.0',
      userAgent: UA,
      referrer: 'https://example.com/',
      headers: null,
      consent: 'unknown',
    });
  });

  accepts([
    ['Common', 'common', `${CLF} "GET / HTTP/1.0" 304 -`, { status: 304, bytesOut: 0, userAgent: null, referrer: '' }],
    ['no referrer, no agent', 'combined', `${CLF} "GET / HTTP/1.1" 200 5 "-" "-"`, { userAgent: '', referrer: '' }],
    ['an offset', 'common', '192.0.2.7 - - [10/Oct/2025:06:25:36 -0730] "GET / HTTP/1.1" 200 5', { time: AT }],
    [
      'a fraction',
      'common',
      '192.0.2.7 - - [10/Oct/2025:13:55:36.25 +0000] "GET / HTTP/1.1" 200 5',
      { time: AT + 250 },
    ],
    ['ISO 8601', 'common', '192.0.2.7 - - [2025-10-10T13:55:36+00:00] "GET / HTTP/1.1" 200 5', { time: AT }],
    ['a user', 'common', '192.0.2.7 - jane [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5', { time: AT }],
    [
      'a user with spaces',
      'common',
      '192.0.2.7 - Jane Q [x] [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { time: AT },
    ],
    [
      'no ident',
      'common',
      '192.0.2.7 - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { clientAddress: '192.0.2.7' },
    ],
    [
      'a host name',
      'common',
      'a.example - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { clientAddress: '' },
    ],
    [
      'a mapped address',
      'common',
      '::ffff:192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { clientAddress: '192.0.2.7' },
    ],
    [
      'IPv6',
      'common',
      '2001:DB8::7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { clientAddress: '2001:db8::7' },
    ],
    [
      'a forwarded list',
      'common',
      '203.0.113.1, 192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { clientAddress: '192.0.2.7' },
    ],
    [
      'host:port in front',
      'vhost',
      `WWW.Example.com:443 ${CLF} "GET / HTTP/1.1" 200 5 "-" "-"`,
      { host: 'www.example.com', clientAddress: '192.0.2.7' },
    ],
    [
      'a bare host in front',
      'vhost',
      `www.example.com ${CLF} "GET / HTTP/1.1" 200 5 "-" "-"`,
      { host: 'www.example.com' },
    ],
    [
      'an address for a host',
      'vhost',
      `198.51.100.1:80 ${CLF} "GET / HTTP/1.1" 200 5 "-" "-"`,
      { host: '198.51.100.1', clientAddress: '192.0.2.7' },
    ],
    [
      'a host for the ident',
      'vhost',
      '192.0.2.7 www.example.com - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
      { host: 'www.example.com', clientAddress: '192.0.2.7' },
    ],
    ['no host in front', 'vhost', `_ ${CLF} "GET / HTTP/1.1" 200 5 "-" "-"`, { host: '', clientAddress: '192.0.2.7' }],
    [
      'a request id',
      'vhost',
      'www.example.com 192.0.2.7 - 95386da8 - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
      { host: 'www.example.com', clientAddress: '192.0.2.7' },
    ],
    [
      'a host name after the host',
      'vhost',
      'www.example.com a.example - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      { host: 'www.example.com', clientAddress: '' },
    ],
    [
      'an absolute target',
      'combined',
      `${CLF} "GET http://Other.example:81/x?y HTTP/1.1" 404 5 "-" "-"`,
      { host: 'other.example', path: '/x', query: 'y' },
    ],
    [
      'an absolute target without a path',
      'combined',
      `${CLF} "GET https://other.example HTTP/1.1" 404 5 "-" "-"`,
      { host: 'other.example', path: '/' },
    ],
    [
      "the logged host before the target's",
      'vhost',
      `www.example.com ${CLF} "GET http://other.example/ HTTP/1.1" 404 5 "-" "-"`,
      { host: 'www.example.com', path: '/' },
    ],
    [
      'CONNECT',
      'combined',
      `${CLF} "CONNECT other.example:443 HTTP/1.1" 405 5 "-" "-"`,
      { method: 'CONNECT', path: 'other.example:443', host: '' },
    ],
    ['OPTIONS *', 'combined', `${CLF} "OPTIONS * HTTP/1.0" 200 5 "-" "-"`, { method: 'OPTIONS', path: '*' }],
    ['HTTP/0.9', 'common', `${CLF} "GET /x" 200 5`, { method: 'GET', path: '/x', protocol: 'HTTP/0.9' }],
    ['spaces in the target', 'common', `${CLF} "GET /a b c HTTP/1.0" 200 5`, { path: '/a b c', protocol: 'HTTP/1.0' }],
    [
      'another protocol',
      'common',
      `${CLF} "OPTIONS / RTSP/1.0" 400 5`,
      { method: 'OPTIONS', path: '/', protocol: 'RTSP/1.0' },
    ],
    [
      'a path without a method',
      'common',
      `${CLF} "/x HTTP/1.1" 400 5`,
      { method: '', path: '/x', protocol: 'HTTP/1.1' },
    ],
    [
      'TLS bytes',
      'combined',
      `${CLF} "\\x16\\x03\\x01\\x02 \\x01" 400 157 "-" "-"`,
      { method: '', path: '', protocol: '', status: 400 },
    ],
    ['one word', 'combined', `${CLF} "HELP" 400 157 "-" "-"`, { method: '', path: '', status: 400 }],
    ['an empty request', 'combined', `${CLF} "" 400 0 "-" "-"`, { method: '', path: '', status: 400 }],
    ['no request', 'combined', `${CLF} "-" 408 0 "-" "-"`, { method: '', path: '', status: 408 }],
    ['no status', 'common', `${CLF} "GET / HTTP/1.1" - 5`, { status: 0 }],
    [
      'escaped quotes',
      'combined',
      `${CLF} "GET /\\"a\\" HTTP/1.1" 200 5 "-" "a \\"b\\" c"`,
      { path: '/"a"', userAgent: 'a "b" c' },
    ],
    ['a backslash at the end', 'combined', `${CLF} "GET /a HTTP/1.1" 200 5 "-" "a\\\\"`, { userAgent: 'a\\' }],
    [
      'bytes as UTF-8',
      'combined',
      `${CLF} "GET /caf\\xC3\\xA9 HTTP/1.1" 200 5 "-" "\\xe4\\xbd\\xa0"`,
      { path: '/café', userAgent: '你' },
    ],
    ['bytes as Latin-1', 'combined', `${CLF} "GET /caf\\xE9 HTTP/1.1" 200 5 "-" "-"`, { path: '/café' }],
    ['control characters', 'combined', `${CLF} "GET /a HTTP/1.1" 200 5 "-" "a\\x1B[31m"`, { userAgent: 'a\\x1B[31m' }],
    [
      'quotes nobody escaped',
      'combined',
      `${CLF} "GET /"a"b" HTTP/1.1" 200 5 "-" "a"b"`,
      { path: '/"a"b"', userAgent: 'a"b' },
    ],
    ['a space at the end', 'combined', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" `, { userAgent: 'x', durationUs: -1 }],
    [
      "Gandi's seconds",
      'vhost',
      `www.example.com ${CLF} (2 s) "GET / HTTP/1.1" 200 5 "-" "x"`,
      { durationUs: 2_000_000 },
    ],
  ]);

  accepts([
    ['%D', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 1532`, { durationUs: 1532, bytesIn: -1 }],
    ['%D after Common', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 1532`, { durationUs: 1532, userAgent: null }],
    ['$request_time', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 0.153`, { durationUs: 153_000 }],
    ['"$request_time"', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" "0.153"`, { durationUs: 153_000 }],
    [
      'rt= and others',
      'timed',
      `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" rt=0.153 uct="0.001" urt="0.150"`,
      { durationUs: 153_000 },
    ],
    ['request_time=', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" "-" request_time=1.5`, { durationUs: 1_500_000 }],
    ['%T %D', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 1 1200345`, { durationUs: 1_200_345 }],
    ['%T/%D', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 0/1234`, { durationUs: 1234 }],
    ['%I %O', 'timed', `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 512 700`, { durationUs: -1, bytesIn: 512, bytesOut: 5 }],
    [
      'X-Forwarded-For',
      'combined',
      `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" "203.0.113.9"`,
      { clientAddress: '192.0.2.7', durationUs: -1 },
    ],
    [
      'X-Forwarded-For and time',
      'timed',
      `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" "203.0.113.9" 0.5`,
      { durationUs: 500_000 },
    ],
    [
      'ingress-nginx',
      'timed',
      `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 507 0.001 [default-svc-80] [] 10.0.0.1:8080 5 0.001 200 abc`,
      { bytesIn: 507, durationUs: 1000 },
    ],
    [
      'Traefik',
      'traefik-clf',
      `${CLF} "GET / HTTP/1.1" 200 5 "-" "x" 190 "app@docker" "http://10.0.0.3:80" 12ms`,
      { durationUs: 12_000, bytesIn: -1 },
    ],
    [
      'Traefik without a match',
      'traefik-clf',
      `${CLF} "GET / HTTP/2.0" 404 19 "-" "-" 7 "-" "-" 0ms`,
      { durationUs: 0, status: 404 },
    ],
  ]);

  refuses([
    ['prose', 'combined', 'Error line 1', 'not-a-record'],
    [
      'an nginx error',
      'combined',
      '2025/10/10 13:55:36 [error] 31#31: *46 open() failed, client: 192.0.2.7, request: "GET / HTTP/1.1"',
      'not-a-record',
    ],
    [
      'an Apache error',
      'combined',
      '[Mon Oct 07 00:33:22.778350 2024] [proxy:error] [pid 9521] (111)Connection refused',
      'not-a-record',
    ],
    ['a wrong time', 'combined', '192.0.2.7 - - [10/Okt/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5', 'bad-time'],
    ['words for a time', 'combined', '192.0.2.7 - - [yesterday] "GET / HTTP/1.1" 200 5', 'bad-time'],
    ['a wrong status', 'combined', `${CLF} "GET / HTTP/1.1" abc 5`, 'bad-status'],
    ['a long status', 'combined', `${CLF} "GET / HTTP/1.1" 2000 5`, 'bad-status'],
    ['wrong bytes', 'combined', `${CLF} "GET / HTTP/1.1" 200 -5 "-" "-"`, 'bad-bytes'],
    ['a cut time', 'combined', '192.0.2.7 - - [10/Oct/2025:13:5', 'truncated'],
    ['a cut request', 'combined', `${CLF} "GET /abc`, 'truncated'],
    ['a missing status', 'combined', `${CLF} "GET / HTTP/1.1"`, 'truncated'],
    ['missing bytes', 'combined', `${CLF} "GET / HTTP/1.1" 200`, 'truncated'],
    ['a cut referrer', 'combined', `${CLF} "GET / HTTP/1.1" 200 5 "https://exam`, 'truncated'],
    ['a missing agent', 'combined', `${CLF} "GET / HTTP/1.1" 200 5 "-"`, 'truncated'],
    ['a cut agent', 'combined', `${CLF} "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0 (comp`, 'truncated'],
    ['nothing after the time', 'combined', CLF, 'truncated'],
    ['a long line', 'combined', `${CLF} "GET /${'a'.repeat(65_536)} HTTP/1.1" 200 5`, 'line-too-long'],
  ]);

  it('passes over blank lines', () => {
    for (const line of ['', '   ', '\t']) expect(openParser('combined').parse(line)).toBeNull();
  });
});

describe('wrapped lines', () => {
  const line = `${CLF} "GET /x HTTP/1.1" 200 5 "-" "x"`;
  it.each([
    ['RFC 3164', `Oct 10 13:55:36 web1 nginx: ${line}`],
    ['RFC 3164 with priority', `<134>Oct  1 13:55:36 web1 nginx[12]: ${line}`],
    ['RFC 5424', `<134>1 2025-10-10T13:55:36.003Z web1 nginx 12 - - ${line}`],
    ['RFC 5424 with data', `<134>1 2025-10-10T13:55:36.003Z web1 nginx 12 - [a@1 b="c"] ${line}`],
    ['rsyslog', `2025-10-10T13:55:36.123456+00:00 web1 nginx[12]: ${line}`],
    ['docker compose', `web-1  | ${line}`],
    ['docker json-file', JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2025-10-10T13:55:36Z' })],
    ['CRI', `2025-10-10T13:55:36.493035218+02:00 stdout F ${line}`],
    ['kubectl', `[pod/web-5d/nginx] ${line}`],
    ['kubectl with time', `2025-10-10T13:55:36.493035218Z ${line}`],
    ['a shipper around syslog', JSON.stringify({ message: `frontend.0 nginx: ${line}`, level: 'INFO' })],
  ])('%s', (_what, wrapped) => {
    expect(openParser('combined').parse(wrapped)).toMatchObject({ clientAddress: '192.0.2.7', host: '', path: '/x' });
  });

  it('says what is wrong inside the wrapping', () => {
    const refused = openParser('combined').parse(`web-1  | ${CLF} "GET / HTTP/1.1" abc 5`);
    expect(refused).toMatchObject({ refused: 'bad-status' });
  });
});

describe('openParser', () => {
  it('names the known formats when asked for an unknown one', () => {
    expect(() => openParser('cobmined')).toThrow(UsageFault);
    expect(() => openParser('cobmined')).toThrow(/combined, common, vhost/);
  });

  it('opens every format', () => {
    for (const { name, title, example } of FORMATS) {
      expect(title).not.toBe('');
      expect(openParser(name, { custom: example }).format).toBe(name);
    }
  });

  it.each(['nginx', 'Apache', 'JSON', 'bro'])('knows %s by another name', (name) => {
    expect(FORMATS.map((format) => format.name)).toContain(openParser(name).format);
  });
});
