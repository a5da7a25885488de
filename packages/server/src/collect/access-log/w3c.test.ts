import { describe, expect, it } from 'vitest';
import { openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

/** The last line's outcome after the lines before it. */
function last(format: string, lines: string[]) {
  const parser = openParser(format);
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
