import { describe, expect, it } from 'vitest';
import { UsageFault } from '../../model/fault.ts';
import { openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

/** The last line's outcome after the lines before it. */
function last(format: string, lines: string[], custom?: string) {
  const parser = openParser(format, { custom });
  return lines.map((line) => parser.parse(line)).at(-1);
}

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
