import { clientAddress, hostName, lastAddress } from './address.ts';
import { anyTime, epochNumber } from './clock.ts';
import { type ParsedLine, refuse, request, shown } from './format.ts';
import { isObject, type JsonObject, numberOf, statusOf, textOf, wholeOf } from './json.ts';
import { newTarget, protocolName, splitRequestLine, splitTarget } from './request-line.ts';

/**
 * JSON access logs have no common key names: nginx users choose their own, others follow ECS, OpenTelemetry or a CDN's
 * names. Every key is compared in lower case with everything but letters and digits removed, nested names joined, so
 * `http.request.method`, `{"http": {"request": {"method"}}}` and `request_method` are each one entry here. Earlier
 * names win.
 */
const KEYS = {
  time: words(
    'timeiso8601 timelocal time timestamp msec ts date datetime eventtime starttime logtime requesttimeiso timedate edgestarttimestamp edgeendtimestamp',
  ),
  client: words(
    'realip realipremoteaddr clientaddress clientip clientaddr remoteaddr remoteip remoteaddress ip client sourceip sourceaddress srcip remotehost remote clienthost',
  ),
  host: words(
    'serveraddress urldomain host httphost requesthost servername vhost virtualhost domain hostname site clientrequesthost server',
  ),
  line: words('request requestline httprequest'),
  method: words('httprequestmethod requestmethod method httpmethod verb clientrequestmethod'),
  target: words(
    'requesturi uri urlpath path url urloriginal urlfull requestpath clientrequesturi clientrequestpath target',
  ),
  query: words('urlquery args querystring query requestquery'),
  protocol: words('serverprotocol protocol httpversion requestprotocol httpprotocol proto clientrequestprotocol'),
  status: words(
    'httpresponsestatuscode status statuscode responsestatus responsecode httpstatus httpstatuscode responsestatuscode edgeresponsestatus code response',
  ),
  bytesOut: words(
    'bodybytessent httpresponsebodysize httpresponsebodybytes bytessent bytesout responsesize bytes size length sent responsebytes edgeresponsebytes contentlength',
  ),
  bytesIn: words(
    'httprequestbodysize httprequestbodybytes requestlength bytesreceived bytesin requestbytes requestsize',
  ),
  agent: words('httpuseragent useragent useragentoriginal agent ua clientrequestuseragent requestuseragent'),
  referrer: words('httpreferer httpreferrer referer referrer httprequestreferrer clientrequestreferer'),
  route: words('httproute'),
};

/** Durations by key with the µs of one unit. */
const DURATIONS: readonly [string, number][] = [
  ['httpserverrequestduration', 1e6],
  ['requesttime', 1e6],
  ['requestduration', 1e6],
  ['responsetime', 1e6],
  ['requesttimems', 1e3],
  ['durationms', 1e3],
  ['responsetimems', 1e3],
  ['latencyms', 1e3],
  ['elapsedms', 1e3],
  ['generationtimemilli', 1e3],
  ['durationus', 1],
  ['requesttimeus', 1],
  ['eventduration', 1e-3],
  ['durationns', 1e-3],
  ['duration', 1e6],
  ['elapsed', 1e6],
  ['latency', 1e6],
];

/** Objects whose name says nothing of what is in them. */
const CONTAINERS = new Set(words('fields nginx access log data attributes payload jsonpayload'));

const DEEPEST = 4;
const MOST_KEYS = 256;

/** Reads an entry of a JSON access log whose keys are named in one of the usual ways. */
export function readNginxJson(entry: JsonObject): ParsedLine {
  const fields = new Map<string, unknown>();
  flatten(entry, '', 0, fields);
  const line = pick(fields, KEYS.line);
  const method = pick(fields, KEYS.method);
  const uri = pick(fields, KEYS.target);
  if (line === undefined && uri === undefined) return refuse('not-a-record', 'no key names a request or its path');
  const rawStatus = pick(fields, KEYS.status);
  if (rawStatus === undefined && method === undefined && line === undefined) {
    return refuse('not-a-record', 'no key names a status or method');
  }
  const rawTime = pick(fields, KEYS.time);
  const time = timeOf(rawTime);
  if (!(time >= 0))
    return refuse('bad-time', rawTime === undefined ? 'no key names a time' : `time ${shown(String(rawTime))}`);
  const status = statusOf(rawStatus);
  if (status < 0) return refuse('bad-status', `status ${shown(String(rawStatus))}`);

  const target = newTarget();
  const requestLine = textOf(line);
  if (requestLine !== '') splitRequestLine(requestLine, 0, requestLine.length, target);
  else if (uri !== undefined) {
    const text = textOf(uri);
    splitTarget(text, 0, text.length, target);
  }
  const query = textOf(pick(fields, KEYS.query));
  if (target.query === '' && query !== '') target.query = query.startsWith('?') ? query.slice(1) : query;
  if (target.method === '') target.method = textOf(method);
  if (target.protocol === '') target.protocol = protocolName(textOf(pick(fields, KEYS.protocol)));

  const agent = pick(fields, KEYS.agent);
  const record = request(
    time,
    addressOf(textOf(pick(fields, KEYS.client))),
    hostName(textOf(pick(fields, KEYS.host))) || target.host,
    target.method,
    target.path,
    target.query,
    target.protocol,
    status,
    wholeOf(pick(fields, KEYS.bytesOut)),
    agent === undefined ? null : textOf(agent),
    textOf(pick(fields, KEYS.referrer)),
  );
  record.bytesIn = wholeOf(pick(fields, KEYS.bytesIn));
  record.durationUs = durationOf(fields);
  record.route = textOf(pick(fields, KEYS.route));
  return record;
}

/** A time given as text or as a number since the epoch, in ms; NaN when it is neither. */
export function timeOf(value: unknown): number {
  if (typeof value === 'number') return epochNumber(value);
  return typeof value === 'string' ? anyTime(value) : Number.NaN;
}

/** The address in a field that may hold a list. */
export function addressOf(text: string): string {
  return text.indexOf(',') < 0 ? clientAddress(text) : lastAddress(text);
}

function durationOf(fields: ReadonlyMap<string, unknown>): number {
  for (const [key, scale] of DURATIONS) {
    const value = numberOf(fields.get(key));
    if (value >= 0) return Math.round(value * scale);
  }
  return -1;
}

function pick(fields: ReadonlyMap<string, unknown>, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = fields.get(key);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function flatten(value: JsonObject, prefix: string, depth: number, into: Map<string, unknown>): void {
  for (const key of Object.keys(value)) {
    if (into.size >= MOST_KEYS) return;
    const name = prefix + key.toLowerCase().replace(/[^a-z0-9]/g, '');
    const inner = value[key];
    if (isObject(inner)) {
      if (depth < DEEPEST) flatten(inner, CONTAINERS.has(name) ? '' : name, depth + 1, into);
    } else if (!into.has(name)) into.set(name, inner);
  }
}

function words(text: string): readonly string[] {
  return text.split(' ');
}
