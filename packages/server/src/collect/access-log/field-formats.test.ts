import { describe, expect, it } from 'vitest';
import { openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

/** The last line's outcome after the lines before it. */
function last(format: string, lines: string[]) {
  const parser = openParser(format);
  return lines.map((line) => parser.parse(line)).at(-1);
}

describe('haproxy', () => {
  const body =
    '192.0.2.7:55032 [10/Oct/2025:13:55:36.885] front~ back/web1 0/0/0/169/+170 404 +1541 - - ---- 5/1/0/0/0 0/0 {example.com|x} {} "PROPFIND /a?b HTTP/1.1"';
  it.each([
    ['bare', body],
    ['with a syslog header', `Oct 10 13:55:37 lb haproxy[3946303]: ${body}`],
  ])('%s', (_what, line) => {
    expect(last('haproxy', [line])).toMatchObject({
      time: AT + 885,
      clientAddress: '192.0.2.7',
      method: 'PROPFIND',
      path: '/a',
      query: 'b',
      status: 404,
      bytesOut: 1541,
      durationUs: 170_000,
      userAgent: null,
    });
  });

  it.each<[string, string, object]>([
    ['IPv6', body.replace('192.0.2.7', '2001:db8::7'), { clientAddress: '2001:db8::7' }],
    [
      'a bad request',
      body.replace(/"PROP.*/, '"<BADREQ>"').replace(' 404 ', ' -1 '),
      { method: '', path: '', status: 0 },
    ],
    ['a cut request line', body.slice(0, -4), { method: 'PROPFIND', status: 404 }],
    ['an absolute target', body.replace('/a?b', 'https://Example.com/a'), { host: 'example.com', path: '/a' }],
  ])('%s', (_what, line, expected) => expect(last('haproxy', [line])).toMatchObject(expected));

  it.each([
    '192.0.2.7:50033 [10/Oct/2025:13:55:36.123] front/1: SSL handshake failure',
    '192.0.2.7:50033 [10/Oct/2025:13:55:36.123] tcp-in tcp/srv 0/0/5007 212 -- 0/0/0/0/0 0/0',
    'Oct 10 13:55:37 lb haproxy[39463]: Proxy http-in started.',
  ])('passes over %s', (line) => expect(last('haproxy', [line])).toBeNull());

  it('refuses what is not its own', () => {
    expect(last('haproxy', ['hello'])).toMatchObject({ refused: 'not-a-record' });
    expect(last('haproxy', [body.replace('Oct/2025', 'Okt/2025')])).toMatchObject({ refused: 'bad-time' });
    expect(last('haproxy', [body.slice(0, body.indexOf(' "'))])).toMatchObject({ refused: 'truncated' });
  });
});

describe('aws', () => {
  const tail =
    'my-lb 192.0.2.7:2817 10.0.0.1:80 0.000086 0.001048 0.001337 200 200 12 57 "GET https://Example.com:443/a?b HTTP/1.1" "curl/8.5.0" ECDHE TLSv1.2';
  const expected = {
    time: AT + 943,
    clientAddress: '192.0.2.7',
    host: 'example.com',
    method: 'GET',
    path: '/a',
    query: 'b',
    status: 200,
    bytesIn: 12,
    bytesOut: 57,
    durationUs: 2471,
    userAgent: 'curl/8.5.0',
  };
  const s3 =
    'abc bucket [10/Oct/2025:13:55:36 +0000] 192.0.2.7 arn:x 3E57 REST.GET.OBJECT a.png "GET /bucket/a.png?x HTTP/1.1" 200 - 113 2662 70 10 "-" "S3 "Console"/0.4" - hostid SigV4 ECDHE AuthHeader bucket.s3.example.com TLSv1.2 - -';

  it.each<[string, string, string, object]>([
    ['Classic', 'elb', `2025-10-10T13:55:36.943956Z ${tail}`, expected],
    [
      'Classic without an answer',
      'elb',
      `2025-10-10T13:55:36.943956Z ${tail.replace('0.000086 0.001048 0.001337 200 200', '-1 -1 -1 504 0')}`,
      { status: 504, durationUs: -1 },
    ],
    [
      'Application',
      'alb',
      `h2 2025-10-10T13:55:36.943956Z app/${tail} arn:tg "Root=1" "example.com" "arn:c" 0 2025-10-10T13:55:36.900000Z "forward" "-" "-"`,
      expected,
    ],
    [
      'S3',
      's3',
      s3,
      {
        time: AT,
        clientAddress: '192.0.2.7',
        host: 'bucket.s3.example.com',
        path: '/bucket/a.png',
        query: 'x',
        bytesOut: 113,
        durationUs: 70_000,
        referrer: '',
        userAgent: 'S3 "Console"/0.4',
      },
    ],
  ])('%s', (_what, format, line, fields) => expect(last(format, [line])).toMatchObject(fields));

  it('passes over TCP listeners, comments and what S3 does by itself', () => {
    expect(
      last('elb', [
        '2025-10-10T13:55:36.943956Z my-lb 192.0.2.7:2817 10.0.0.1:80 0.001 0.000028 0.000041 - - 82 305 "- - - " "-" - -',
      ]),
    ).toBeNull();
    expect(last('elb', ['# a note'])).toBeNull();
    expect(
      last('s3', [
        'abc bucket [10/Oct/2025:13:55:36 +0000] - AmazonS3 3E57 S3.EXPIRE.OBJECT a.png "-" - - - 2662 - - "-" "-" - hostid - - - - - - -',
      ]),
    ).toBeNull();
  });

  it.each<[string, string, string]>([
    ['elb', `2025-10-10T13:55:36.943956Z ${tail.replace('200 200', 'x 200')}`, 'bad-status'],
    ['elb', '2025-10-10T13:55:36.943956Z my-lb 192.0.2.7:2817', 'truncated'],
    ['elb', 'x y z', 'not-a-record'],
    ['alb', `2025-10-10T13:55:36.943956Z ${tail}`, 'not-a-record'],
    ['s3', s3.replace('Oct', 'Okt'), 'bad-time'],
    ['s3', s3.slice(0, 120), 'truncated'],
    ['s3', s3.replace(' 200 ', ' 2x0 '), 'bad-status'],
    ['s3', 'x', 'not-a-record'],
  ])('%s refuses %s', (format, line, refused) => expect(last(format, [line])).toMatchObject({ refused }));
});

describe('apache-csv', () => {
  const line =
    'Example.com,443,192.0.2.7,-,-,[10/Oct/2025:13:55:36 +0000],861,3922,4783,196,0,202,-,404,"HTTP/1.1","GET","/a,b","?c=d","https://example.com/","a \\"b\\", c","secret",-';
  it('reads every column but the cookie', () => {
    const parsed = last('apache-csv', [line]);
    expect(parsed).toMatchObject({
      time: AT,
      clientAddress: '192.0.2.7',
      host: 'example.com',
      method: 'GET',
      path: '/a,b',
      query: 'c=d',
      status: 404,
      durationUs: 202,
      bytesIn: 861,
      bytesOut: 196,
      protocol: 'HTTP/1.1',
      userAgent: 'a "b", c',
      referrer: 'https://example.com/',
    });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });

  it.each([
    ['a,b,c', 'not-a-record'],
    [line.slice(0, 120), 'truncated'],
    [line.replace('Oct', 'Okt'), 'bad-time'],
    [line.replace(',404,', ',4o4,'), 'bad-status'],
  ])('refuses %s', (text, refused) => expect(last('apache-csv', [text])).toMatchObject({ refused }));
});

describe('npm', () => {
  it.each<[string, string, object]>([
    [
      'a proxied host',
      '[10/Oct/2025:13:55:36 +0000] - 404 200 - GET https Example.com "/a?b" [Client 192.0.2.7] [Length 512] [Gzip 1.1] [Sent-to 10.0.0.2] "curl/8.5.0" "https://example.com/"',
      {
        time: AT,
        host: 'example.com',
        method: 'GET',
        path: '/a',
        query: 'b',
        clientAddress: '192.0.2.7',
        status: 200,
        bytesOut: 512,
        userAgent: 'curl/8.5.0',
        referrer: 'https://example.com/',
      },
    ],
    [
      'its own host',
      '[10/Oct/2025:13:55:36 +0000] 304 - GET http example.com "/" [Client 192.0.2.7] [Length 0] [Gzip -] "x" "-"',
      { status: 304, path: '/', clientAddress: '192.0.2.7', userAgent: 'x', referrer: '' },
    ],
    [
      'the older form',
      '[10/Oct/2025:13:55:36 +0000] example.com 192.0.2.7 0.227 "REPORT /a HTTP/2.0" 207 125 440 - Mozilla/5.0 (X11) x/1',
      {
        host: 'example.com',
        clientAddress: '192.0.2.7',
        durationUs: 227_000,
        status: 207,
        bytesOut: 125,
        referrer: '',
        userAgent: 'Mozilla/5.0 (X11) x/1',
      },
    ],
    [
      'garbage in it',
      '[10/Oct/2025:13:55:36 +0000] _ 192.0.2.7 0.811 "\\x16\\x03 \\x22" 400 122 282 - -',
      { host: '', method: '', path: '', status: 400, userAgent: '' },
    ],
  ])('%s', (_what, line, expected) => expect(last('npm', [line])).toMatchObject(expected));

  it.each([
    [
      '[10/Okt/2025:13:55:36 +0000] 304 - GET http example.com "/" [Client 192.0.2.7] [Length 0] [Gzip -] "x" "-"',
      'bad-time',
    ],
    [
      '[10/Oct/2025:13:55:36 +0000] 3x4 - GET http example.com "/" [Client 192.0.2.7] [Length 0] [Gzip -] "x" "-"',
      'bad-status',
    ],
    ['[10/Oct/2025:13:55:36 +0000] 304 - GET http example.com "/" [Client 192.0.2.7]', 'truncated'],
    ['[10/Oct/2025:13:55:36 +0000] example.com 192.0.2.7 0.227 "REPORT /a', 'truncated'],
    ['[10/Oct/2025:13:55:36 +0000] hello', 'not-a-record'],
    ['hello', 'not-a-record'],
  ])('refuses %s', (line, refused) => expect(last('npm', [line])).toMatchObject({ refused }));
});
