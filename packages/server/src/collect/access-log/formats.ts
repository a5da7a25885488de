import { ApacheCsvParser } from './apache-csv.ts';
import { openAlb, openElb, openS3 } from './aws.ts';
import { readCaddy } from './caddy.ts';
import { ClfParser, HAS_AGENT, HAS_HOST } from './clf.ts';
import { CustomParser } from './custom.ts';
import { EnvoyParser } from './envoy.ts';
import type { Format, LineParser } from './format.ts';
import { HaproxyParser } from './haproxy.ts';
import { JsonLineParser } from './json.ts';
import { readNginxJson } from './nginx-json.ts';
import { ProxyManagerParser } from './npm-log.ts';
import { HAS_ROUTER, HAS_TAIL } from './tail.ts';
import { isTraefikMessage, readTraefik } from './traefik.ts';
import { W3cParser } from './w3c.ts';
import { readZeekJson, ZeekTsvParser } from './zeek.ts';

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

const w3c = (name: string, title: string, example: string): Format => ({
  name,
  title,
  example,
  open: ({ state }) => new W3cParser(name, state),
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
  {
    name: 'npm',
    title: 'Nginx Proxy Manager',
    example:
      '[10/Oct/2025:13:55:36 +0000] - 200 200 - GET https example.com "/" [Client 192.0.2.7] [Length 5] [Gzip -] [Sent-to 10.0.0.2] "curl/8.5.0" "-"',
    open: () => new ProxyManagerParser(),
  },
  {
    name: 'apache-csv',
    title: 'Apache comma-separated',
    example:
      'example.com,443,192.0.2.7,-,-,[10/Oct/2025:13:55:36 +0000],512,700,1212,418,0,177,-,200,"HTTP/1.1","GET","/","","-","curl/8.5.0","-",-',
    open: () => new ApacheCsvParser(),
  },
  w3c('w3c', 'W3C Extended Log File Format', '#Fields: date time c-ip cs-method cs-uri-stem sc-status'),
  w3c(
    'iis',
    'IIS (W3C extended)',
    '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status',
  ),
  w3c(
    'cloudfront',
    'Amazon CloudFront (W3C extended)',
    '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host)',
  ),
  {
    name: 'haproxy',
    title: 'HAProxy HTTP log',
    example:
      'haproxy[123]: 192.0.2.7:55032 [10/Oct/2025:13:55:36.885] front~ back/web1 0/0/0/169/169 200 1541 - - ---- 5/1/0/0/0 0/0 "GET / HTTP/1.1"',
    open: () => new HaproxyParser(),
  },
  {
    name: 'elb',
    title: 'AWS Classic Load Balancer',
    example:
      '2025-10-10T13:55:36.943956Z my-elb 192.0.2.7:2817 10.0.0.1:80 0.000086 0.001048 0.001337 200 200 0 57 "GET https://example.com:443/ HTTP/1.1" "curl/8.5.0" - -',
    open: openElb,
  },
  {
    name: 'alb',
    title: 'AWS Application Load Balancer',
    example:
      'https 2025-10-10T13:55:36.943956Z app/my-lb/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://example.com:443/ HTTP/1.1" "curl/8.5.0" …',
    open: openAlb,
  },
  {
    name: 's3',
    title: 'Amazon S3 server access log',
    example:
      '79a5… bucket [10/Oct/2025:13:55:36 +0000] 192.0.2.7 - 3E57427F3EXAMPLE REST.GET.OBJECT a.png "GET /bucket/a.png HTTP/1.1" 200 - 113 113 7 6 "-" "curl/8.5.0" - …',
    open: openS3,
  },
  {
    name: 'zeek',
    title: 'Zeek http.log (tab-separated)',
    example: '#fields\tts\tuid\tid.orig_h\t… then one line a request',
    open: ({ state }) => new ZeekTsvParser(state),
  },
  {
    name: 'zeek-json',
    title: 'Zeek http.log (JSON)',
    example:
      '{"ts":1760104536.078555,"uid":"CsDS","id.orig_h":"192.0.2.7","id.resp_h":"198.51.100.1","trans_depth":1,"method":"GET","host":"example.com","uri":"/","status_code":200}',
    open: () => new JsonLineParser('zeek-json', readZeekJson),
  },
  {
    name: 'envoy',
    title: 'Envoy and Istio, text or JSON',
    example:
      '[2025-10-10T13:55:36.310Z] "GET / HTTP/2" 204 - 154 0 226 100 "192.0.2.7" "curl/8.5.0" "cc21d9b0" "example.com" "10.0.2.1:80"',
    open: () => new EnvoyParser(),
  },
  {
    name: 'custom',
    title: 'By a template of named fields, nginx log_format or Apache LogFormat',
    example: '%{client.address} [%{time}] "%{request}" %{http.response.status_code} %{duration:ms}',
    open: ({ custom }) => new CustomParser(custom),
  },
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
  ['nginx-proxy-manager', 'npm'],
  ['apache-csv2mysql', 'apache-csv'],
  ['w3c-extended', 'w3c'],
  ['aws-elb', 'elb'],
  ['aws-alb', 'alb'],
  ['aws-s3', 's3'],
  ['bro', 'zeek'],
  ['zeek-tsv', 'zeek'],
  ['istio', 'envoy'],
  ['envoy-json', 'envoy'],
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
  named('zeek-json'),
  named('envoy'),
  named('nginx-json'),
  named('zeek'),
  { open: () => new W3cParser('w3c'), nameOf: (parser) => (parser as W3cParser).kind },
  named('apache-csv'),
  named('alb'),
  named('elb'),
  named('s3'),
  named('haproxy'),
  named('npm'),
  { open: () => new ClfParser('combined'), nameOf: clfName },
];
