import { readCaddy } from './caddy.ts';
import { ClfParser, HAS_AGENT, HAS_HOST } from './clf.ts';
import type { Format, LineParser } from './format.ts';
import { JsonLineParser } from './json.ts';
import { readNginxJson } from './nginx-json.ts';
import { HAS_ROUTER, HAS_TAIL } from './tail.ts';
import { isTraefikMessage, readTraefik } from './traefik.ts';

/** One reader tried by detection, which may serve several names. */
interface Candidate {
  open(): LineParser;
  /** The name for the record the parser read last. */
  nameOf(parser: LineParser): string;
}

const clf = (name: string, title: string, example: string): Format => ({
  name,
  title,
  example,
  open: () => new ClfParser(name),
});

/** Every format by name, in the order of help output. */
export const REGISTRY: readonly Format[] = [
  clf(
    'combined',
    'Combined (Apache, nginx default)',
    '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET /a?b=1 HTTP/1.1" 200 2326 "https://example.com/" "Mozilla/5.0"',
  ),
  clf('common', 'Common Log Format', '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 2326'),
  clf(
    'vhost',
    'Combined with the virtual host in front',
    'www.example.com:443 192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/2.0" 200 5 "-" "curl/8.5.0"',
  ),
  clf(
    'timed',
    'Common or Combined with a duration behind',
    '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.5.0" 1532',
  ),
  {
    name: 'nginx-json',
    title: 'JSON lines with nginx, ECS or OpenTelemetry names',
    example:
      '{"time_iso8601":"2025-10-10T13:55:36+00:00","remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":200}',
    open: () => new JsonLineParser('nginx-json', readNginxJson),
  },
  {
    name: 'caddy',
    title: 'Caddy JSON',
    example:
      '{"level":"info","ts":1760104536.5,"msg":"handled request","request":{"client_ip":"192.0.2.7","method":"GET","host":"example.com","uri":"/"},"duration":0.001,"size":5,"status":200}',
    open: () => new JsonLineParser('caddy', readCaddy),
  },
  {
    name: 'traefik',
    title: 'Traefik JSON',
    example:
      '{"ClientHost":"192.0.2.7","DownstreamStatus":200,"Duration":1500000,"RequestHost":"example.com","RequestMethod":"GET","RequestPath":"/","StartUTC":"2025-10-10T13:55:36.5Z"}',
    open: () => new JsonLineParser('traefik', readTraefik, isTraefikMessage),
  },
  clf(
    'traefik-clf',
    'Traefik Common Log Format',
    '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-" 190 "app@docker" "http://172.17.0.3:80" 12ms',
  ),
];

/** Other names people use. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['nginx', 'combined'],
  ['apache', 'combined'],
  ['clf', 'common'],
  ['ncsa', 'common'],
  ['vcombined', 'vhost'],
  ['vhost-combined', 'vhost'],
  ['vhost_combined', 'vhost'],
  ['json', 'nginx-json'],
  ['caddy-json', 'caddy'],
  ['traefik-json', 'traefik'],
]);

function clfName(parser: LineParser): string {
  const { shape } = parser as ClfParser;
  if (shape & HAS_ROUTER) return 'traefik-clf';
  if (shape & HAS_HOST) return 'vhost';
  if (shape & HAS_TAIL) return 'timed';
  return shape & HAS_AGENT ? 'combined' : 'common';
}

const named = (name: string): Candidate => ({
  open: () => (REGISTRY.find((format) => format.name === name) as Format).open({}),
  nameOf: () => name,
});

/** What detection tries; of equals the first wins, so the particular go before the general. */
export const CANDIDATES: readonly Candidate[] = [
  named('caddy'),
  named('traefik'),
  named('nginx-json'),
  { open: () => new ClfParser('combined'), nameOf: clfName },
];
