import { clientAddress, hostName } from './address.ts';
import { type ParsedLine, refuse, request, shown } from './format.ts';
import { isObject, type JsonObject, keepHeader, numberOf, statusOf, textOf, wholeOf } from './json.ts';
import { timeOf } from './nginx-json.ts';
import { newTarget, protocolName, splitTarget } from './request-line.ts';

/**
 * Reads an entry of Caddy 2's JSON log: null for the server's own messages, which share the stream. `client_ip` (what
 * Caddy made of trusted proxies) goes before `remote_ip`; `duration` is in seconds unless it is text with a unit.
 */
export function readCaddy(entry: JsonObject): ParsedLine {
  const from = entry['request'];
  if (!isObject(from) || entry['status'] === undefined) {
    return typeof entry['msg'] === 'string' && entry['level'] !== undefined
      ? null
      : refuse('not-a-record', 'neither a request nor a message of Caddy');
  }
  const time = timeOf(entry['ts']);
  if (!(time >= 0)) return refuse('bad-time', `ts ${shown(String(entry['ts']))}`);
  const status = statusOf(entry['status']);
  if (status < 0) return refuse('bad-status', `status ${shown(String(entry['status']))}`);
  const target = newTarget();
  const uri = textOf(from['uri']);
  splitTarget(uri, 0, uri.length, target);
  const headers = isObject(from['headers']) ? from['headers'] : {};
  const host = hostName(textOf(from['host'])) || target.host;
  const record = request(
    time,
    clientAddress(textOf(from['client_ip']) || textOf(from['remote_ip']) || textOf(from['remote_addr'])),
    host,
    textOf(from['method']),
    target.path,
    target.query,
    protocolName(textOf(from['proto'])),
    status,
    wholeOf(entry['size']),
    headerOf(headers, 'User-Agent'),
    headerOf(headers, 'Referer'),
  );
  record.bytesIn = wholeOf(entry['bytes_read']);
  record.durationUs = duration(entry['duration'] ?? entry['latency']);
  for (const name of Object.keys(headers)) record.headers = keepHeader(record.headers, name, headerOf(headers, name));
  return record;
}

function headerOf(headers: JsonObject, name: string): string {
  const value = headers[name];
  return textOf(Array.isArray(value) ? value[0] : value);
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-3, us: 1, µs: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 };

/** Seconds, or Go's text such as `1m2.5s`, in µs; -1 when it is neither. */
function duration(value: unknown): number {
  const seconds = numberOf(value);
  if (seconds >= 0) return Math.round(seconds * 1e6);
  if (typeof value !== 'string' || !/^(?:[\d.]{1,20}(?:ns|us|µs|ms|s|m|h)){1,6}$/.test(value)) return -1;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNITS[unit as string] as number);
  }
  return Number.isNaN(total) ? -1 : Math.round(total);
}
