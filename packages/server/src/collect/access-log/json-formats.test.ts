import { describe, expect, it } from 'vitest';
import { openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

describe('nginx-json', () => {
  it.each<[string, object, object]>([
    [
      'nginx variables',
      {
        time_iso8601: '2025-10-10T15:55:36+02:00',
        remote_addr: '192.0.2.7',
        remote_user: 'jane',
        host: 'WWW.example.com:443',
        request: 'GET /a?b=c HTTP/1.1',
        status: '200',
        body_bytes_sent: '5',
        request_length: '300',
        request_time: '0.153',
        http_referer: '-',
        http_user_agent: '',
        http_cookie: 'secret=1',
      },
      {
        time: AT,
        clientAddress: '192.0.2.7',
        host: 'www.example.com',
        method: 'GET',
        path: '/a',
        query: 'b=c',
        protocol: 'HTTP/1.1',
        status: 200,
        bytesOut: 5,
        bytesIn: 300,
        durationUs: 153_000,
        userAgent: '',
        referrer: '',
        headers: null,
      },
    ],
    [
      'apart',
      {
        msec: 1760104536.885,
        client: '2001:DB8::1',
        method: 'POST',
        uri: '/x',
        args: 'y=1',
        status: 499,
        server_protocol: 'HTTP/2.0',
      },
      {
        time: AT + 885,
        clientAddress: '2001:db8::1',
        method: 'POST',
        path: '/x',
        query: 'y=1',
        protocol: 'HTTP/2.0',
        userAgent: null,
      },
    ],
    [
      'ECS, nested',
      {
        '@timestamp': '2025-10-10T13:55:36.000Z',
        source: { ip: '192.0.2.7' },
        http: {
          request: { method: 'GET', referrer: 'https://example.com/' },
          response: { status_code: 404, body: { bytes: 12 } },
        },
        url: { path: '/x', query: 'y=1', domain: 'example.com' },
        user_agent: { original: 'curl/8.5.0' },
        event: { duration: 1_500_000 },
      },
      {
        time: AT,
        clientAddress: '192.0.2.7',
        method: 'GET',
        path: '/x',
        status: 404,
        bytesOut: 12,
        host: 'example.com',
        userAgent: 'curl/8.5.0',
        referrer: 'https://example.com/',
        durationUs: 1500,
      },
    ],
    [
      'OpenTelemetry, flat',
      {
        timestamp: '2025-10-10T13:55:36Z',
        'client.address': '192.0.2.7',
        'server.address': 'example.com',
        'http.request.method': 'GET',
        'url.path': '/x',
        'http.route': '/:id',
        'http.response.status_code': 200,
        'http.server.request.duration': 0.25,
        'user_agent.original': 'x',
      },
      {
        clientAddress: '192.0.2.7',
        host: 'example.com',
        path: '/x',
        route: '/:id',
        durationUs: 250_000,
        userAgent: 'x',
      },
    ],
    [
      'fields in a container',
      {
        '@timestamp': '2025-10-10T13:55:36Z',
        fields: { remote_addr: '192.0.2.7', request: 'GET /x HTTP/1.1', status: '200' },
      },
      { clientAddress: '192.0.2.7', path: '/x', status: 200 },
    ],
    [
      'time_local and a list of addresses',
      {
        time_local: '10/Oct/2025:13:55:36 +0000',
        remote_ip: '203.0.113.1, 192.0.2.7',
        request: 'GET / HTTP/1.1',
        status: 200,
      },
      { time: AT, clientAddress: '192.0.2.7', durationUs: -1, bytesOut: -1 },
    ],
    [
      'garbage for a request',
      { time: '2025-10-10T13:55:36Z', remote_addr: '192.0.2.7', request: '\u0016\u0003\u0001', status: 400 },
      { method: '', path: '', status: 400 },
    ],
    [
      'control characters',
      { time: '2025-10-10T13:55:36Z', request: 'GET /a\u001b[31m HTTP/1.1', status: 400, http_user_agent: '\u0000x' },
      { path: '/a\\x1B[31m', userAgent: '\\x00x' },
    ],
  ])('%s', (_what, entry, expected) => {
    expect(openParser('nginx-json').parse(JSON.stringify(entry))).toMatchObject(expected);
  });

  it.each<[string, string]>([
    ['{"time":"2025-10-10T13:55:36Z","request":"GET / HTTP/1.1","status":"2x0"}', 'bad-status'],
    ['{"time":"soon","request":"GET / HTTP/1.1","status":200}', 'bad-time'],
    ['{"request":"GET / HTTP/1.1","status":200}', 'bad-time'],
    ['{"time":"2025-10-10T13:55:36Z","level":"info","msg":"started"}', 'not-a-record'],
    ['{"time":"2025-10-10T13:55:36Z","request":"GET / HTT', 'truncated'],
    ['{"time": 2025-10-10}', 'bad-json'],
    ['[1,2]', 'not-a-record'],
    ['plain', 'not-a-record'],
  ])('refuses %s', (line, refused) => {
    expect(openParser('nginx-json').parse(line)).toMatchObject({ refused });
  });
});

describe('caddy', () => {
  const entry = {
    level: 'info',
    ts: 1760104536.5,
    logger: 'http.log.access',
    msg: 'handled request',
    request: {
      remote_ip: '203.0.113.1',
      client_ip: '192.0.2.7',
      proto: 'HTTP/2.0',
      method: 'GET',
      host: 'Example.com:8443',
      uri: '/a?b',
      headers: {
        'User-Agent': ['curl/8.5.0'],
        Referer: ['https://example.com/'],
        Cookie: ['a=b'],
        Authorization: ['Basic x'],
        'X-Forwarded-For': ['203.0.113.9'],
        'Sec-Gpc': ['1'],
        'Accept-Language': ['de'],
      },
    },
    bytes_read: 3,
    user_id: '',
    duration: 0.0015,
    size: 188,
    status: 200,
  };

  it('reads an access entry and keeps no secrets', () => {
    expect(openParser('caddy').parse(JSON.stringify(entry))).toEqual({
      id: '',
      time: AT + 500,
      clientAddress: '192.0.2.7',
      host: 'example.com',
      method: 'GET',
      path: '/a',
      query: 'b',
      route: '',
      status: 200,
      durationUs: 1500,
      bytesIn: 3,
      bytesOut: 188,
      protocol: 'HTTP/2.0',
      userAgent: 'curl/8.5.0',
      referrer: 'https://example.com/',
      headers: { 'sec-gpc': '1', 'accept-language': 'de' },
      consent: 'unknown',
    });
  });

  it.each<[string, object, object]>([
    ['a time as text', { ts: '2025-10-10T13:55:36.5Z' }, { time: AT + 500 }],
    ['a duration as text', { duration: '1m2.5ms' }, { durationUs: 60_002_500 }],
    ['no duration', { duration: 'long' }, { durationUs: -1 }],
    ['the older latency', { duration: undefined, latency: 0.002 }, { durationUs: 2000 }],
    ['no client_ip', { request: { ...entry.request, client_ip: undefined } }, { clientAddress: '203.0.113.1' }],
  ])('%s', (_what, change, expected) => {
    expect(openParser('caddy').parse(JSON.stringify({ ...entry, ...change }))).toMatchObject(expected);
  });

  it('passes over messages, reads behind a prefix', () => {
    const parser = openParser('caddy');
    expect(parser.parse('{"level":"info","ts":1760104536.5,"msg":"serving initial configuration"}')).toBeNull();
    expect(parser.parse('caddy  | {"level":"warn","ts":1760104536.5,"msg":"exiting; byeee!!"}')).toBeNull();
    expect(parser.parse(`caddy  | ${JSON.stringify(entry)}`)).toMatchObject({ path: '/a' });
    expect(parser.parse('{"a":1}')).toMatchObject({ refused: 'not-a-record' });
    expect(parser.parse(JSON.stringify({ ...entry, ts: 'x' }))).toMatchObject({ refused: 'bad-time' });
    expect(parser.parse(JSON.stringify({ ...entry, status: 'x' }))).toMatchObject({ refused: 'bad-status' });
  });
});

describe('traefik', () => {
  const entry = {
    ClientAddr: '203.0.113.1:39496',
    ClientHost: '192.0.2.7',
    ClientUsername: '-',
    DownstreamContentSize: 357,
    DownstreamStatus: 200,
    Duration: 357_313,
    OriginStatus: 502,
    RequestContentSize: 12,
    RequestHost: 'example.com',
    RequestMethod: 'GET',
    RequestPath: '/a?b=c',
    RequestProtocol: 'HTTP/1.1',
    StartUTC: '2025-10-10T13:55:36.587359139Z',
    'request_User-Agent': 'curl/8.5.0',
    request_Referer: 'https://example.com/',
    request_Cookie: 'a=b',
    'request_Accept-Language': 'de',
    time: '2025-10-10T13:55:37Z',
  };

  it('reads an access entry', () => {
    expect(openParser('traefik').parse(JSON.stringify(entry))).toMatchObject({
      time: AT + 587,
      clientAddress: '192.0.2.7',
      host: 'example.com',
      method: 'GET',
      path: '/a',
      query: 'b=c',
      status: 200,
      durationUs: 357,
      bytesIn: 12,
      bytesOut: 357,
      protocol: 'HTTP/1.1',
      userAgent: 'curl/8.5.0',
      referrer: 'https://example.com/',
      headers: { 'accept-language': 'de' },
    });
  });

  it('takes the nearest of several clients and knows when no agent was logged', () => {
    const { 'request_User-Agent': _agent, ...rest } = entry;
    const line = JSON.stringify({ ...rest, ClientHost: '203.0.113.9,192.0.2.7' });
    expect(openParser('traefik').parse(line)).toMatchObject({ clientAddress: '192.0.2.7', userAgent: null });
  });

  it('passes over messages of its own', () => {
    const parser = openParser('traefik');
    expect(parser.parse('time="2025-10-10T13:55:36Z" level=debug msg="Handling TCP connection"')).toBeNull();
    expect(parser.parse('{"level":"info","msg":"Configuration loaded","time":"2025-10-10T13:55:36Z"}')).toBeNull();
    expect(parser.parse('2025-10-10T13:55:36Z INF Traefik version 3.0')).toBeNull();
    expect(parser.parse('DEBUG: some plugin')).toMatchObject({ refused: 'not-a-record' });
  });
});

describe('envoy', () => {
  const parse = (line: string) => openParser('envoy').parse(line);
  const entry = {
    ':authority': 'www.example.com',
    bytes_received: 7,
    bytes_sent: 121_258,
    downstream_remote_address: '192.0.2.7:59292',
    duration: 11,
    method: 'GET',
    protocol: 'HTTP/2',
    response_code: 200,
    start_time: '2025-10-10T13:55:36.479Z',
    'user-agent': 'curl/8.5.0',
    'x-envoy-origin-path': '/a?b',
    'x-forwarded-for': '203.0.113.9, 192.0.2.7',
  };
  const expected = {
    time: AT + 479,
    clientAddress: '192.0.2.7',
    host: 'www.example.com',
    method: 'GET',
    path: '/a',
    query: 'b',
    protocol: 'HTTP/2.0',
    status: 200,
    bytesIn: 7,
    bytesOut: 121_258,
    durationUs: 11_000,
    userAgent: 'curl/8.5.0',
  };

  it.each([
    ['JSON', JSON.stringify(entry)],
    ['JSON behind CRI', `2025-10-10T13:55:36.493+00:00 stdout F ${JSON.stringify(entry)}`],
    [
      'text',
      '[2025-10-10T13:55:36.479Z] "GET /a?b HTTP/2" 200 - 7 121258 11 9 "203.0.113.9, 192.0.2.7" "curl/8.5.0" "id" "www.example.com" "tcp://10.0.2.1:80"',
    ],
    [
      'Istio',
      '[2025-10-10T13:55:36.479Z] "GET /a?b HTTP/2" 200 - via_upstream - "-" 7 121258 11 9 "192.0.2.7" "curl/8.5.0" "id" "www.example.com" "10.0.2.1:80" outbound|80||x - - - -',
    ],
  ])('%s', (_what, line) => expect(parse(line)).toMatchObject(expected));

  it.each([
    ['[soon] "GET / HTTP/2" 200 - 7 1 1 9 "-" "-" "id" "x" "-"', 'bad-time'],
    ['[2025-10-10T13:55:36.479Z] "GET / HTTP/2" 2x0 - 7 1 1 9 "-" "-" "id" "x" "-"', 'bad-status'],
    ['[2025-10-10T13:55:36.479Z] "GET / HTTP/2" 200 - 7 1', 'truncated'],
    ['{"start_time": ', 'bad-json'],
    ['[warn] "x"', 'bad-time'],
    ['x', 'not-a-record'],
  ])('refuses %s', (line, refused) => expect(parse(line)).toMatchObject({ refused }));
});
