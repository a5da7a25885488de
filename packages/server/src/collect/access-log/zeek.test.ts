import { describe, expect, it } from 'vitest';
import { openParser } from './parser.ts';

const AT = Date.UTC(2025, 9, 10, 13, 55, 36);

/** The last line's outcome after the lines before it. */
function last(format: string, lines: string[]) {
  const parser = openParser(format);
  return lines.map((line) => parser.parse(line)).at(-1);
}

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
