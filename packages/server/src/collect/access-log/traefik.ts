import { hostName } from './address.ts';
import { type ParsedLine, refuse, request, shown } from './format.ts';
import { type JsonObject, keepHeader, numberOf, statusOf, textOf, wholeOf } from './json.ts';
import { addressOf, timeOf } from './nginx-json.ts';
import { newTarget, protocolName, splitTarget } from './request-line.ts';

/**
 * Reads an entry of Traefik's JSON access log: null for its own messages. Durations are in ns, kept headers are flat
 * keys such as `request_User-Agent`; the time is when the request began.
 */
export function readTraefik(entry: JsonObject): ParsedLine {
  if (entry['RequestMethod'] === undefined && entry['DownstreamStatus'] === undefined) {
    return entry['level'] !== undefined && (entry['msg'] !== undefined || entry['message'] !== undefined)
      ? null
      : refuse('not-a-record', 'neither a request nor a message of Traefik');
  }
  const rawTime = entry['StartUTC'] ?? entry['StartLocal'] ?? entry['time'];
  const time = timeOf(rawTime);
  if (!(time >= 0)) return refuse('bad-time', `StartUTC ${shown(String(rawTime))}`);
  const rawStatus = entry['DownstreamStatus'] ?? entry['OriginStatus'];
  const status = statusOf(rawStatus);
  if (status < 0) return refuse('bad-status', `DownstreamStatus ${shown(String(rawStatus))}`);
  const target = newTarget();
  const path = textOf(entry['RequestPath']);
  splitTarget(path, 0, path.length, target);
  const record = request(
    time,
    addressOf(textOf(entry['ClientHost']) || textOf(entry['ClientAddr'])),
    hostName(textOf(entry['RequestHost']) || textOf(entry['RequestAddr'])) || target.host,
    textOf(entry['RequestMethod']),
    target.path,
    target.query,
    protocolName(textOf(entry['RequestProtocol'])),
    status,
    wholeOf(entry['DownstreamContentSize']),
    null,
    '',
  );
  record.bytesIn = wholeOf(entry['RequestContentSize']);
  const nanoseconds = numberOf(entry['Duration']);
  record.durationUs = nanoseconds < 0 ? -1 : Math.round(nanoseconds / 1000);
  for (const key of Object.keys(entry)) {
    if (!key.startsWith('request_')) continue;
    const name = key.slice(8).toLowerCase();
    if (name === 'user-agent') record.userAgent = textOf(entry[key]);
    else if (name === 'referer') record.referrer = textOf(entry[key]);
    else record.headers = keepHeader(record.headers, name, textOf(entry[key]));
  }
  return record;
}

/** Traefik's own messages in its default text form. */
export function isTraefikMessage(line: string): boolean {
  return /^(?:time="[^"]{10,40}" level=\w+ |\d{4}-\d\d-\d\dT[\d:.]{8}\S{1,6} (?:TRC|DBG|INF|WRN|ERR|FTL|PNC) )/.test(
    line,
  );
}
