import { describe, expect, it } from 'vitest';
import { UsageFault } from '../../model/fault.ts';
import { openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

/** The last line's outcome after the lines before it. */
function last(format: string, lines: string[], custom?: string) {
  const parser = openParser(format, { custom });
  return lines.map((line) => parser.parse(line)).at(-1);
}

describe('w3c', () => {
  const IIS = [
    '#Software: Microsoft Internet Information Services 10.0',
    '#Version: 1.0',
    '#Date: 2025-10-10 00:00:00',
    '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) cs(Cookie) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken',
  ];
  const iisLine =
    '2025-10-10 13:55:36 198.51.100.1 GET /a b=c 443 jane 192.0.2.7 Mozilla/5.0+(compatible;+bingbot/2.0;++http://www.bing.com/bingbot.htm) https://example.com/ "id=1; x=2" Example.com:443 404 0 2 1405 242 283';

  it('reads IIS', () => {
    expect(last('iis', [...IIS, iisLine])).toMatchObject({
      time: AT,
      clientAddress: '192.0.2.7',
      host: 'example.com',
      method: 'GET',
      path: '/a',
      query: 'b=c',
      status: 404,
      bytesOut: 1405,
      bytesIn: 242,
      durationUs: 283_000,
      userAgent: 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
      referrer: 'https://example.com/',
      headers: null,
    });
  });

  it('reads CloudFront', () => {
    const fields =
      '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header cs-protocol cs-bytes time-taken cs-protocol-version';
    const line = [
      '2025-10-10',
      '13:55:36',
      'FRA50',
      '2390',
      '2001:DB8::7',
      'GET',
      'd1.cloudfront.example',
      '/a%20b',
      '200',
      '-',
      'Mozilla/5.0%2520(X11;%20Linux)',
      'q=1',
      'www.example.com',
      'https',
      '24',
      '0.003',
      'HTTP/2.0',
    ].join('\t');
    expect(last('cloudfront', ['#Version: 1.0', fields, line])).toMatchObject({
      time: AT,
      clientAddress: '2001:db8::7',
      host: 'www.example.com',
      path: '/a%20b',
      query: 'q=1',
      status: 200,
      bytesOut: 2390,
      bytesIn: 24,
      durationUs: 3000,
      protocol: 'HTTP/2.0',
      userAgent: 'Mozilla/5.0 (X11; Linux)',
      referrer: '',
    });
  });

  it('reads quoted values, a URI without scheme, and no agent', () => {
    const lines = [
      '#Fields: date time c-ip cs-uri sc-status cs(Referrer)',
      '"2025-10-10" "13:55:36" "192.0.2.7" "www.example.com/a?b" "" "x y"',
    ];
    expect(last('w3c', lines)).toMatchObject({
      time: AT,
      host: 'www.example.com',
      path: '/a',
      query: 'b',
      status: 0,
      referrer: 'x y',
      userAgent: null,
    });
  });

  it('reads a plus for a space where nothing else can be meant', () => {
    const agent = (value: string) =>
      last('w3c', ['#Fields: date time cs-uri-stem cs(User-Agent)', `2025-10-10 13:55:36 /a ${value}`]);
    expect(agent('Mozilla/5.0+(X11;+Linux)')).toMatchObject({ userAgent: 'Mozilla/5.0 (X11; Linux)' });
    expect(agent('"a+b c"')).toMatchObject({ userAgent: 'a+b c' });
    expect(agent('a%20b+c')).toMatchObject({ userAgent: 'a b+c' });
  });

  it('takes the day from #Date and the columns from the latest #Fields', () => {
    const lines = ['#Fields: time cs-uri-stem sc-status', '#Date: 2025-10-10 00:00:00', '13:55:36 /a 200'];
    expect(last('w3c', lines)).toMatchObject({ time: AT, path: '/a' });
    expect(
      last('w3c', [...lines, '#Fields: sc-status date time cs-uri-stem', '404 2025-10-10 13:55:36 /b']),
    ).toMatchObject({ path: '/b', status: 404 });
  });

  it('goes on in the middle of a file', () => {
    const before = openParser('iis');
    for (const line of IIS) before.parse(line);
    const after = openParser('iis', { state: before.state() });
    expect(after.parse(iisLine)).toEqual(before.parse(iisLine));
    expect(after.state()).toBe(before.state());
  });

  it.each<[string, string[], string]>([
    ['values without columns', ['2025-10-10 13:55:36 /a 200'], 'no-fields'],
    ['the log of something else', ['#Fields: date time c-ip x-query', '2025-10-10 13:55:36 192.0.2.7 x'], 'no-fields'],
    ['too few values', ['#Fields: date time c-ip cs-uri-stem sc-status', '2025-10-10 13:55:36 192.0.2.7'], 'truncated'],
    ['a wrong time', ['#Fields: date time cs-uri-stem', '2025-10-10 25:55:36 /a'], 'bad-time'],
    ['a wrong status', ['#Fields: date time sc-status', '2025-10-10 13:55:36 OK'], 'bad-status'],
  ])('refuses %s', (_what, lines, refused) => expect(last('w3c', lines)).toMatchObject({ refused }));
});

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

describe('zeek', () => {
  const HEADER = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-', '#path\thttp'];
  const FIELDS =
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\tmethod\thost\turi\treferrer\tversion\tuser_agent\torigin\trequest_body_len\tresponse_body_len\tstatus_code\tstatus_msg\tusername\tpassword';
  const row = (change: Record<string, string> = {}) => {
    const values: Record<string, string> = {
      ts: '1760104536.078555',
      uid: 'C1',
      'id.orig_h': '192.0.2.7',
      'id.orig_p': '1',
      'id.resp_h': '198.51.100.1',
      'id.resp_p': '80',
      trans_depth: '1',
      method: 'GET',
      host: 'Example.com:8080',
      uri: '/a\\x20b?c',
      referrer: '-',
      version: '1.1',
      user_agent: 'x\\x09y\\\\z',
      origin: '-',
      request_body_len: '7',
      response_body_len: '178',
      status_code: '301',
      status_msg: 'Moved',
      username: 'jane',
      password: 'secret',
      ...change,
    };
    return FIELDS.split('\t')
      .slice(1)
      .map((name) => values[name] as string)
      .join('\t');
  };
  const json = {
    ts: 1760104536.078555,
    uid: 'C1',
    'id.orig_h': '192.0.2.7',
    'id.orig_p': 1,
    'id.resp_h': '198.51.100.1',
    'id.resp_p': 80,
    trans_depth: 1,
    method: 'GET',
    host: 'Example.com:8080',
    uri: '/a b?c',
    version: '1.1',
    user_agent: 'x\\x09y\\z',
    request_body_len: 7,
    response_body_len: 178,
    status_code: 301,
    username: 'jane',
    password: 'secret',
  };

  it('reads the same from both forms, and no password', () => {
    const tsv = last('zeek', [...HEADER, FIELDS, row()]);
    expect(tsv).toMatchObject({
      time: AT + 78,
      clientAddress: '192.0.2.7',
      host: 'example.com',
      method: 'GET',
      path: '/a b',
      query: 'c',
      status: 301,
      bytesIn: 7,
      bytesOut: 178,
      protocol: 'HTTP/1.1',
      userAgent: 'x\\x09y\\z',
      referrer: '',
      headers: null,
    });
    expect(last('zeek-json', [JSON.stringify(json)])).toEqual(tsv);
    expect(JSON.stringify(tsv)).not.toMatch(/secret|jane/);
  });

  it.each<[string, Record<string, string>, object]>([
    [
      'unset values',
      { method: '-', uri: '-', status_code: '-', user_agent: '-', version: '-', host: '-' },
      { method: '', path: '', status: 0, userAgent: '', protocol: '', host: '' },
    ],
    ['empty values', { user_agent: '(empty)' }, { userAgent: '' }],
    ['a proxied target', { uri: 'http://other.example/x', host: '-' }, { host: 'other.example', path: '/x' }],
    ['an origin', { origin: 'https://example.com' }, { headers: { origin: 'https://example.com' } }],
    ['IPv6', { 'id.orig_h': '2001:DB8::7' }, { clientAddress: '2001:db8::7' }],
  ])('%s', (_what, change, expected) => expect(last('zeek', [...HEADER, FIELDS, row(change)])).toMatchObject(expected));

  it('knows which columns a log lacks', () => {
    const fields = '#fields\tts\tid.orig_h\ttrans_depth\tmethod\turi';
    expect(last('zeek', [fields, '1760104536.5\t192.0.2.7\t1\tGET\t/'])).toMatchObject({
      time: AT + 500,
      userAgent: null,
      bytesOut: -1,
      status: 0,
    });
  });

  it('obeys another separator and goes on in the middle', () => {
    const header = ['#separator |', '#unset_field|~', '#fields|ts|trans_depth|method|uri'];
    expect(last('zeek', [...header, '1760104536|1|GET|~'])).toMatchObject({ time: AT, method: 'GET', path: '' });
    const before = openParser('zeek');
    for (const line of header) before.parse(line);
    expect(openParser('zeek', { state: before.state() }).parse('1760104536|1|GET|/x')).toMatchObject({ path: '/x' });
  });

  it.each<[string, string[], string]>([
    ['rows without a header', [row()], 'no-fields'],
    ['another log', ['#fields\tts\tuid\tquery', '1760104536\tC1\tx'], 'no-fields'],
    ['a short row', [FIELDS, '1760104536\tC1'], 'truncated'],
    ['a long row', [FIELDS, `${row()}\tx`], 'not-a-record'],
    ['a wrong time', [FIELDS, row({ ts: 'XXX' })], 'bad-time'],
    ['a wrong status', [FIELDS, row({ status_code: 'OK' })], 'bad-status'],
    ['no time', ['#fields\ttrans_depth\tmethod\turi', '1\tGET\t/'], 'bad-time'],
  ])('refuses %s', (_what, lines, refused) => expect(last('zeek', lines)).toMatchObject({ refused }));

  it('tells entries of other logs', () => {
    const parse = (entry: object) => last('zeek-json', [JSON.stringify(entry)]);
    expect(parse({ ...json, _path: 'dns' })).toBeNull();
    expect(parse({ ts: 1, 'id.orig_h': '192.0.2.7', conn_state: 'SF' })).toMatchObject({ refused: 'not-a-record' });
    expect(parse({ ...json, ts: 'XXX' })).toMatchObject({ refused: 'bad-time' });
    expect(parse({ ...json, ts: '2025-10-10T13:55:36.078555Z' })).toMatchObject({ time: AT + 78 });
  });
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

describe('custom', () => {
  const line =
    '192.0.2.7 - jane [10/Oct/2025:13:55:36 +0000] "GET /a?b=c HTTP/1.1" 200 5 "https://example.com/" "a \\"b\\"" 0.153';
  const expected = {
    time: AT,
    clientAddress: '192.0.2.7',
    method: 'GET',
    path: '/a',
    query: 'b=c',
    protocol: 'HTTP/1.1',
    status: 200,
    bytesOut: 5,
    referrer: 'https://example.com/',
    userAgent: 'a "b"',
    durationUs: 153_000,
  };
  it.each([
    [
      'names',
      '%{client.address} - %{skip} [%{time:clf}] "%{request}" %{http.response.status_code} %{bytes} "%{referrer}" "%{user_agent.original}" %{duration}',
    ],
    [
      'nginx',
      '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time',
    ],
    ['Apache', '%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\" %T'],
  ])('%s', (_what, template) => expect(last('custom', [line], template)).toMatchObject(expected));

  it.each<[string, string, string, object]>([
    ['units', '%{time}|%{duration:ms}', '2025-10-10T13:55:36Z|1.5', { durationUs: 1500 }],
    ['%D', '%t %D', '[10/Oct/2025:13:55:36 +0000] 1500', { time: AT, durationUs: 1500 }],
    ['%{ms}T', '%t %{ms}T %m', '[10/Oct/2025:13:55:36 +0000] 15 GET', { durationUs: 15_000, method: 'GET' }],
    [
      'strftime with a space',
      '%{%Y-%m-%d %T}t %h',
      '2025-10-10 13:55:36 192.0.2.7',
      { time: AT, clientAddress: '192.0.2.7' },
    ],
    [
      'time_local without brackets',
      '$time_local $remote_addr',
      '10/Oct/2025:13:55:36 +0000 192.0.2.7',
      { time: AT, clientAddress: '192.0.2.7' },
    ],
    [
      'path and query apart',
      '$msec $request_method $uri$is_args$args',
      '1760104536.000 GET /a?b',
      { time: AT, path: '/a', query: 'b' },
    ],
    ['%U%q', '%{time}\\t%m\\t%U%q', '2025-10-10T13:55:36Z\tGET\t/a?b', { path: '/a', query: 'b' }],
    [
      'a kept header',
      '%{time} "%{Sec-GPC}i" "%{Cookie}i"',
      '2025-10-10T13:55:36Z "1" "a=b"',
      { headers: { 'sec-gpc': '1' } },
    ],
    ['no agent in the template', '%{time} %{path}', '2025-10-10T13:55:36Z /a', { userAgent: null, path: '/a' }],
    ['no agent in the line', '%{time} "%{user_agent}"', '2025-10-10T13:55:36Z "-"', { userAgent: '' }],
    ['a per cent sign', '%{time} 100%% %{path}', '2025-10-10T13:55:36Z 100% /a', { path: '/a' }],
    ['more behind', '%{time} "%{path}"', '2025-10-10T13:55:36Z "/a" b c', { path: '/a' }],
  ])('%s', (_what, template, text, fields) => expect(last('custom', [text], template)).toMatchObject(fields));

  it.each([
    ['%{time} %{path}', 'soon /a', 'bad-time'],
    ['%{time} %{status} %{path}', '2025-10-10T13:55:36Z OK /a', 'bad-status'],
    ['%{time} %{bytes} %{path}', '2025-10-10T13:55:36Z many /a', 'bad-bytes'],
    ['%{time} "%{path}"', '2025-10-10T13:55:36Z /a', 'not-a-record'],
    ['%{time} "%{path}"', '2025-10-10T13:55:36Z "/a', 'not-a-record'],
    ['%{time} "%{path}" x', '2025-10-10T13:55:36Z "', 'truncated'],
  ])('%s refuses %s', (template, text, refused) => expect(last('custom', [text], template)).toMatchObject({ refused }));

  it.each([
    ['', /needs a template/],
    ['%{client.address} %{path}', /names no time/],
    ['%{time}%{path}', /nothing stands between/],
    ['%{time} %{colour}', /no field is named "colour"/],
    ['%{time} %{duration:weeks}', /no field is named "duration:weeks"/],
  ])('will not have the template %s', (template, message) => {
    expect(() => openParser('custom', { custom: template })).toThrow(UsageFault);
    expect(() => openParser('custom', { custom: template })).toThrow(message);
  });
});
