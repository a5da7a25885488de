import type { Source, SourcesAnswer } from '@vedette/contract';

const MINUTE = 60_000;
const DAY = 86_400_000;

const STACK = `POST https://hub.example.org/api/v1/requests answered 503 Service Unavailable
{"type":"urn:vedette:problem:no-room","title":"Service Unavailable","status":503,"detail":"the spool is full; try again in 30 s"}
    at Sender.deliver (file:///srv/shop/node_modules/@vedette/edge/dist/esm/sender.js:88:13)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`;

/** A source that does well, but for what is told. `seen`: ms before `now`. */
export function sampleSource(now: number, { seen, ...part }: Partial<Source> & { name: string; seen: number }): Source {
  const at = (before: number) => new Date(now - before).toISOString();
  return {
    id: `source-${part.name}`,
    kind: 'edge',
    agent: 'vedette-edge/0.1.0 (express)',
    first_seen: at(40 * DAY),
    last_seen: at(seen),
    requests: 48_210,
    refused: 0,
    dropped: 0,
    per_second: 0,
    lag_seconds: 0.4,
    clock_skew_seconds: 0.02,
    last_error: null,
    state: seen < 2 * MINUTE ? 'live' : 'quiet',
    ...part,
  };
}

/** Sources of all kinds as they are met: busy ones, silent ones, broken ones, and names nobody should choose. */
export function sampleSources(now: number): SourcesAnswer {
  const ago = (ms: number) => new Date(now - ms).toISOString();
  const of = (part: Parameters<typeof sampleSource>[1]) => sampleSource(now, part);
  const sources = [
    of({ name: 'shop-edge-1', seen: 1200, requests: 12_483_201, per_second: 412.6 }),
    of({
      name: 'shop-edge-2',
      seen: 2100,
      requests: 11_204_877,
      per_second: 398.2,
      dropped: 1_204_331,
      lag_seconds: 42.3,
      last_error: { at: ago(3 * MINUTE), text: STACK },
    }),
    of({
      name: 'checkout',
      kind: 'otlp',
      agent: 'opentelemetry-collector-contrib 0.140.0',
      seen: 4000,
      requests: 88_412,
      per_second: 3.4,
      clock_skew_seconds: null,
    }),
    of({
      name: 'lb-frankfurt',
      kind: 'syslog',
      agent: 'haproxy',
      seen: 9000,
      requests: 3_310_087,
      per_second: 71,
      refused: 214,
      lag_seconds: 1.8,
      clock_skew_seconds: -6.4,
      last_error: { at: ago(9 * DAY), text: 'line 3: no time that can be read' },
    }),
    of({
      name: 'raspberry-in-the-cellar',
      seen: 14_000,
      requests: 912,
      per_second: 0.03,
      lag_seconds: -259_000,
      clock_skew_seconds: 259_200,
    }),
    of({
      name: 'ip-10-20-30-40.eu-central-1.compute.internal/var/log/containers/storefront-7f9c6d5b8-x2xqz_production_nginx-0123456789abcdef.log',
      kind: 'bulk',
      agent: 'Fluent-Bit/4.2.0 (Linux; x86_64) with a user agent that somebody made rather longer than it had to be',
      seen: 31_000,
      requests: 5_002_118,
      per_second: 96.4,
      clock_skew_seconds: null,
    }),
    of({
      name: 'nightly-sync',
      kind: 'api',
      agent: '',
      seen: 6 * 3_600_000,
      lag_seconds: null,
      clock_skew_seconds: null,
    }),
    of({ name: '', kind: 'api', agent: 'curl/8.5.0', seen: 2 * DAY, requests: 1, lag_seconds: null }),
    of({
      name: 'staging',
      seen: 3 * DAY,
      requests: 0,
      refused: 60,
      lag_seconds: null,
      clock_skew_seconds: null,
      last_error: { at: ago(3 * DAY), text: 'time is "yesterday", which is neither RFC 3339 nor a number of ms' },
    }),
    of({
      name: 'access.log.2.gz',
      kind: 'file',
      agent: 'vedette import',
      seen: 12 * DAY,
      requests: 240_118,
      refused: 17,
      lag_seconds: null,
      clock_skew_seconds: null,
    }),
    of({
      name: 'never-heard-of',
      kind: 'syslog',
      agent: '',
      seen: now,
      requests: 0,
      lag_seconds: null,
      clock_skew_seconds: null,
    }),
  ];
  return { sources, first_request: ago(40 * DAY), next: null };
}
