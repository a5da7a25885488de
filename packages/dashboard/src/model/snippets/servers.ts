import { text } from '../../text.ts';
import { isLoopback } from '../ways.ts';
import { type Fill, hostOf, type Snippet } from './fill.ts';

const SYSLOG_PORT = 5514;

/** What lets the hub hear syslog, and sorts it where there are several tenants. */
function syslogSnippets({ url, tenant, installation }: Fill, transport: 'udp' | 'tcp'): Snippet[] {
  const here = isLoopback(url);
  const listen = {
    title: text.firstSteps.steps.listen,
    code: here
      ? `VEDETTE_SYSLOG=${transport}://127.0.0.1:${SYSLOG_PORT} npm start`
      : `VEDETTE_SYSLOG=${transport}://0.0.0.0:${SYSLOG_PORT} VEDETTE_SYSLOG_ALLOW=192.0.2.7,198.51.100.0/24 npm start`,
    note: here ? text.firstSteps.notes.syslogHere : text.firstSteps.notes.syslog,
  };
  if (installation) return [listen];
  const sort = {
    title: text.firstSteps.steps.domain,
    code: `npx vedette domain add --tenant ${tenant} www.example.org`,
    note: text.firstSteps.notes.byHost,
  };
  return [listen, sort];
}

/** nginx sends its log by itself; as JSON, because the usual format does not say which host was asked. */
export function nginxSnippets(fill: Fill): Snippet[] {
  const code = `log_format vedette escape=json
  '{"time":"$time_iso8601","remote_addr":"$remote_addr","host":"$host",'
  '"request_method":"$request_method","request_uri":"$request_uri",'
  '"server_protocol":"$server_protocol","status":$status,'
  '"body_bytes_sent":$body_bytes_sent,"request_time":$request_time,'
  '"http_referer":"$http_referer","http_user_agent":"$http_user_agent"}';

access_log syslog:server=${hostOf(fill)}:${SYSLOG_PORT},tag=nginx vedette;`;
  return [
    ...syslogSnippets(fill, 'udp'),
    { title: text.firstSteps.steps.nginx, code, note: text.firstSteps.notes.nginx },
    { title: text.firstSteps.steps.reload, code: 'nginx -t && nginx -s reload' },
  ];
}

/** HAProxy sends its log by itself; as JSON, because `option httplog` says neither host nor user agent. */
export function haproxySnippets(fill: Fill): Snippet[] {
  const code = `    log ${hostOf(fill)}:${SYSLOG_PORT} len 8192 format rfc5424 local0 info
    http-request capture req.hdr(Host) len 255
    http-request capture req.hdr(User-Agent) len 512
    http-request capture req.hdr(Referer) len 512
    log-format '{"msec":%Ts.%ms,"client_ip":"%ci","host":"%[capture.req.hdr(0),json(utf8s)]","method":"%HM","uri":"%[capture.req.uri,json(utf8s)]","protocol":"%HV","status":%ST,"bytes":%B,"duration_ms":%Ta,"user_agent":"%[capture.req.hdr(1),json(utf8s)]","referer":"%[capture.req.hdr(2),json(utf8s)]"}'`;
  return [
    ...syslogSnippets(fill, 'udp'),
    { title: text.firstSteps.steps.haproxy, code },
    { title: text.firstSteps.steps.reload, code: 'haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy' },
  ];
}

/** Caddy sends its log by itself: JSON over TCP, which the hub takes without a header of syslog's. */
export function caddySnippets(fill: Fill): Snippet[] {
  const code = `www.example.org {
	log {
		output net tcp/${hostOf(fill)}:${SYSLOG_PORT} {
			soft_start
		}
		format json
	}
	respond "hello"
}`;
  return [...syslogSnippets(fill, 'tcp'), { title: text.firstSteps.steps.caddy, code }];
}

/** Traefik sends its traces by itself; its log is a file. */
export function traefikSnippets({ url, key, tenant, installation }: Fill): Snippet[] {
  const path = '/var/log/traefik/access.log';
  const traces = `tracing:
  otlp:
    http:
      endpoint: ${url}/v1/traces
      headers:
        Authorization: Bearer ${key}`;
  const log = `accessLog:
  filePath: ${path}
  format: json
  fields:
    headers:
      names:
        User-Agent: keep
        Referer: keep`;
  const follow = `npx vedette import${installation ? '' : ` --tenant ${tenant}`} --follow ${path}`;
  return [
    { title: text.firstSteps.steps.traefik, code: traces },
    { title: text.firstSteps.steps.traefikLog, code: log },
    { title: text.firstSteps.steps.follow, code: follow },
  ];
}
