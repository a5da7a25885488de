import { clientAddress, hostName } from './address.ts';
import { isoTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { type JsonObject, numberOf, parseObject, statusOf, textOf, wholeOf } from './json.ts';
import { addressOf, timeOf } from './nginx-json.ts';
import { newTarget, protocolName, splitRequestLine, splitTarget } from './request-line.ts';
import { decimal, splitFields } from './text.ts';

/**
 * Reads an entry of the JSON access log of Envoy, Envoy Gateway or Istio. The client is the peer of the connection as
 * Envoy's trusted hops make it (`downstream_remote_address`), not what X-Forwarded-For claims. Durations are in ms.
 */
function readEnvoyJson(entry: JsonObject): ParsedLine {
  if (entry['response_code'] === undefined || entry['start_time'] === undefined) {
    return refuse('not-a-record', 'no response_code and start_time');
  }
  const time = timeOf(entry['start_time']);
  if (!(time >= 0)) return refuse('bad-time', `start_time ${shown(String(entry['start_time']))}`);
  const status = statusOf(entry['response_code']);
  if (status < 0) return refuse('bad-status', `response_code ${shown(String(entry['response_code']))}`);
  const of = (...names: string[]) => names.map((name) => textOf(entry[name])).find((text) => text !== '') ?? '';
  const target = newTarget();
  const path = of('x-envoy-original-path', 'x-envoy-origin-path', ':path', 'path');
  splitTarget(path, 0, path.length, target);
  const peer = clientAddress(of('downstream_remote_address', 'downstream_direct_remote_address'));
  const record = request(
    time,
    peer || addressOf(of('x-forwarded-for', 'x_forwarded_for')),
    hostName(of(':authority', 'authority', 'host')) || target.host,
    of('method', ':method'),
    target.path,
    target.query,
    protocolName(of('protocol')),
    status,
    wholeOf(entry['bytes_sent']),
    of('user-agent', 'user_agent'),
    of('referer', 'referrer'),
  );
  record.bytesIn = wholeOf(entry['bytes_received']);
  const millis = numberOf(entry['duration']);
  record.durationUs = millis < 0 ? -1 : Math.round(millis * 1000);
  return record;
}

/**
 * Reads Envoy's default text log and Istio's, which has three fields more behind the flags:
 * `[start] "METHOD path PROTOCOL" code flags … received sent duration service "XFF" "agent" "id" "authority" "upstream"`,
 * or entries of the JSON form, which may follow each other in the log of one pod.
 * The text form names no peer: the client is the last address of X-Forwarded-For, which Envoy added itself.
 */
export class EnvoyParser implements LineParser {
  readonly format = 'envoy';
  readonly #target = newTarget();

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    if (line.charCodeAt(0) === 123) {
      const entry = parseObject(line);
      return entry === null ? refuse('bad-json', `from ${shown(line)}`) : readEnvoyJson(entry);
    }
    const close = line.indexOf('] "');
    if (line.charCodeAt(0) !== 91 || close < 0 || close > 40) return refuse('not-a-record', 'no [time] "request"');
    const time = isoTime(line.slice(1, close));
    if (!(time >= 0)) return refuse('bad-time', `time ${shown(line.slice(1, close))}`);
    const fields = splitFields(line, 24, false, close + 2);
    const [requestLine, code] = fields as [string, string?];
    const status = statusOf(code);
    if (code === undefined) return refuse('truncated', 'ends before the status');
    if (status < 0) return refuse('bad-status', `status ${shown(code)}`);
    const numbers = decimal(fields[3] ?? '') >= 0 ? 3 : 6;
    const [received, sent, duration, , forwarded, agent, , authority] = fields.slice(numbers);
    if (authority === undefined) return refuse('truncated', `${fields.length} fields`);
    splitRequestLine(requestLine, 0, requestLine.length, this.#target);
    const { host, method, path, query, protocol } = this.#target;
    const record = request(
      time,
      addressOf(forwarded as string),
      hostName(authority) || host,
      method,
      path,
      query,
      protocolName(protocol) || protocol,
      status,
      decimal(sent as string),
      agent === '-' ? '' : (agent as string),
      '',
    );
    record.bytesIn = decimal(received as string);
    const millis = decimal(duration as string);
    record.durationUs = millis < 0 ? -1 : Math.round(millis * 1000);
    return record;
  }
}
