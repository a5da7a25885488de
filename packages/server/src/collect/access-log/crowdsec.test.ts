import { describe, expect, it } from 'vitest';
import { isRefusal, type RawRequest } from '../../model/request.ts';
import { detectFormat, openParser } from './parser.ts';
import { sharedLogs } from './shared-logs.fixture.ts';

const shared = sharedLogs(process.env['VEDETTE_SHARED']);

interface Outcome {
  success: boolean;
  parsed?: Record<string, string>;
  meta?: Record<string, string>;
}

interface TestCase {
  test: string;
  lines: string[];
  expected: { 's01-parse': Record<string, Outcome[]> };
}

/** The test cases that are access logs, with the format each must be found to have. */
const INCLUDED: Record<string, string> = {
  'apache2-malformed': 'combined',
  'base-upsun-httplog-logs': 'combined',
  'bunkerweb-http-malformed': 'vhost',
  'bunkerweb-logs': 'vhost',
  'caddy-logs': 'caddy',
  'envoy-logs': 'envoy',
  'haproxy-logs': 'haproxy',
  'haproxy-nextcloud-whitelist': 'haproxy',
  'nextcloud-whitelist': 'combined',
  'nginx-http-malformed': 'combined',
  'nginx-proxy-manager-malformed': 'combined',
  'nginx_http-catch-npm': 'npm',
  'nginx_http-logs': 'combined',
  traefik_json: 'traefik',
};

/** The others, which must not be taken for access logs. */
const EXCLUDED: Record<string, string> = {
  'caddy-coraza': "messages of a firewall module in Caddy's own log, no access entries",
  'iis-xml-logs': 'the XML of a Windows event, not an access log',
  'modsecurity-logs': "entries of Apache's error log",
  'pfsense-rfc5424-nginx': "an entry of nginx's error log",
  'suricata-logs-evelog': 'alerts and flows of an intrusion detection system',
  'suricata-logs-fastlog': 'alerts of an intrusion detection system',
  'tcpudp-flood-traefik': "Traefik's own messages about TCP and UDP",
};

/** Lines of access logs that are none themselves: test, line from 0, what they give here. */
const OTHER_LINES: Record<string, 'null' | 'refused'> = {
  // Messages of Caddy and HAProxy about something else than a request share the log.
  'caddy-logs 10': 'null',
  'haproxy-logs 2': 'null',
  'haproxy-logs 3': 'null',
  'haproxy-logs 4': 'null',
  // An entry of the error log and a message of a plug-in.
  'nginx_http-logs 8': 'refused',
  'traefik_json 5': 'refused',
};

/** Fields that rightly differ: test, line, field. */
const DIFFERENT: Record<string, string> = {
  'envoy-logs 8 source_ip': 'they take the leftmost forwarded address, which the client chose; here the nearest counts',
  'envoy-logs 9 source_ip': 'the same',
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The time of a test case in ms: ISO 8601, or the Common Log Format's, in UTC where there is no zone. */
function timeOf(text: string): number {
  const common = /^(\d\d)\/(\w{3})\/(\d{4}):([\d:.]+)(?: ([+-]\d\d)(\d\d))?$/.exec(text);
  if (common === null) return Date.parse(text);
  const [, day, month, year, clock, hours = '+00', minutes = '00'] = common as unknown as string[];
  const number = String(MONTHS.indexOf(month as string) + 1).padStart(2, '0');
  return Date.parse(`${year}-${number}-${day}T${clock}${hours}:${minutes}`);
}

/** Our fields by their names, as far as the test case tells them. */
function compared(record: RawRequest, { parsed = {}, meta = {} }: Outcome): [string, unknown, unknown][] {
  const fields: [string, unknown, unknown][] = [];
  const add = (
    name: string,
    ours: unknown,
    theirs: string | undefined,
    read: (text: string) => unknown = (text) => text,
  ) => {
    if (theirs !== undefined) fields.push([name, ours, read(theirs)]);
  };
  const dashless = (text: string) => (text === '-' ? '' : text);
  // What is not HTTP is a path to them; here it has none.
  const path = (text: string) => (text.startsWith('/') ? text : '');
  const whole = record.query === '' ? record.path : `${record.path}?${record.query}`;
  const port = (text: string) => (text === '_' ? '' : text.replace(/:\d+$/, ''));
  add('source_ip', record.clientAddress, meta['source_ip']);
  add('verb', record.method, meta['http_verb']);
  add('path', whole, meta['http_path'], path);
  add('status', record.status, meta['http_status'], Number);
  add('user_agent', record.userAgent ?? '', meta['http_user_agent'], dashless);
  add('host', record.host, meta['target_fqdn'], port);
  add(
    'bytes',
    record.bytesOut,
    parsed['body_bytes_sent'] ?? parsed['bytes_read'] ?? parsed['bytes'] ?? parsed['bytes_sent'],
    Number,
  );
  add('bytes_in', record.bytesIn, parsed['bytes_received'], Number);
  add('referer', record.referrer, parsed['http_referer'] ?? parsed['referrer'], dashless);
  add('version', Number(record.protocol.replace('HTTP/', '')), parsed['http_version'], Number);
  // Their clocks may lack the fraction of a second.
  const stamp = parsed['time_local'] ?? parsed['timestamp'] ?? parsed['time'] ?? parsed['accept_date'];
  const exact = stamp !== undefined && timeOf(stamp) % 1000 !== 0;
  add('time', exact ? record.time : Math.floor(record.time / 1000) * 1000, stamp, timeOf);
  add('seconds', record.durationUs, parsed['request_time'], (text) => Math.round(Number(text) * 1e6));
  add('nanoseconds', record.durationUs, parsed['request_duration_in_ms'], (text) => Math.round(Number(text) / 1000));
  add('milliseconds', record.durationUs, parsed['time_duration'] ?? parsed['duration'], (text) => Number(text) * 1000);
  return fields;
}

const cases = shared.found
  ? shared
      .lines('crowdsec-parsers.jsonl.gz')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as TestCase)
  : [];

describe.runIf(cases.length > 0)('the CrowdSec parser cases', () => {
  it('are all accounted for', () => {
    expect(cases.map(({ test }) => test).sort()).toEqual([...Object.keys(INCLUDED), ...Object.keys(EXCLUDED)].sort());
  });

  it.each(cases.filter(({ test }) => test in EXCLUDED))('$test is no access log', ({ lines }) => {
    expect(detectFormat(lines)).toMatchObject({ refused: 'unknown-format' });
  });

  it.each(cases.filter(({ test }) => test in INCLUDED))('$test', ({ test, lines, expected }) => {
    const found = detectFormat(lines);
    expect(found).toMatchObject({ format: INCLUDED[test] });
    const parser = openParser(INCLUDED[test] as string);
    const outcomes = Object.values(expected['s01-parse'])[0] as Outcome[];
    expect(outcomes).toHaveLength(lines.length);
    let fields = 0;
    for (const [i, line] of lines.entries()) {
      const parsed = parser.parse(line);
      const other = OTHER_LINES[`${test} ${i}`];
      if (other === 'null') expect(parsed).toBeNull();
      else if (other === 'refused') expect(parsed).toMatchObject({ refused: expect.any(String) });
      else {
        if (parsed === null || isRefusal(parsed)) throw new Error(`${test} ${i}: ${JSON.stringify(parsed)}`);
        const outcome = outcomes[i] as Outcome;
        expect(outcome.success).toBe(true);
        const pairs = compared(parsed, outcome).filter(([name]) => !(`${test} ${i} ${name}` in DIFFERENT));
        expect(Object.fromEntries(pairs.map(([name, ours]) => [name, ours]))).toEqual(
          Object.fromEntries(pairs.map(([name, , theirs]) => [name, theirs])),
        );
        fields += pairs.length;
      }
    }
    expect(fields).toBeGreaterThan(5);
  });

  it('differ where they are said to differ', () => {
    for (const key of Object.keys(DIFFERENT)) {
      const [test, i, field] = key.split(' ') as [string, string, string];
      const { lines, expected } = cases.find((entry) => entry.test === test) as TestCase;
      const record = openParser(INCLUDED[test] as string).parse(lines[Number(i)] as string) as RawRequest;
      const outcome = Object.values(expected['s01-parse'])[0]?.[Number(i)] as Outcome;
      const [, ours, theirs] = compared(record, outcome).find(([name]) => name === field) as [string, unknown, unknown];
      expect(ours).not.toBe(theirs);
    }
  });
});
