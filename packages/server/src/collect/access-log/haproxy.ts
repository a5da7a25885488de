import { clientAddress } from './address.ts';
import { anyTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { newTarget, splitRequestLine } from './request-line.ts';
import { digits, unescapeField } from './text.ts';

/** `client:port [time] frontend backend/server timers status bytes …`, each part without spaces. */
const HTTP =
  /^(\S{1,100}):(\d{1,5}) \[([^\]]{1,40})\] (\S{1,256}) (\S{1,512}) ([+\-\d/]{5,80}) (-?\d{1,3}) \+?(\d{1,15}) /;
/** What else HAProxy says of a connection: a TCP session or an error before any request. */
const CONNECTION = /^(?:\S{1,100}):\d{1,5} \[[^\]]{1,40}\] \S{1,256}(?::? \S|$)/;

/**
 * Reads HAProxy's HTTP log (`option httplog`), with or without the syslog header. Its time has no zone and is read as
 * UTC. The duration is the last timer (Ta, the whole time, in ms). Captured headers have no names and are passed over.
 * Lines about connections, servers and the process itself give null.
 */
export class HaproxyParser implements LineParser {
  readonly format = 'haproxy';
  readonly #target = newTarget();

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    const body = afterHeader(line);
    const found = HTTP.exec(body);
    if (found === null) {
      if (CONNECTION.test(body)) return isCutRequest(body) ? refuse('truncated', 'ends before the request line') : null;
      return body === line ? refuse('not-a-record', 'no client:port [time]') : null;
    }
    const [head, client, , stamp, , , timers, rawStatus, bytes] = found as unknown as string[];
    const time = anyTime(stamp as string);
    if (!(time >= 0)) return refuse('bad-time', `time ${shown(stamp as string)}`);
    const open = body.indexOf(' "', (head as string).length - 1);
    if (open < 0) return refuse('truncated', 'ends before the request line');
    // A request line longer than the log line may be is cut by HAProxy and keeps its opening quote only.
    const quote = body.indexOf('"', open + 2);
    splitRequestLine(body, open + 2, quote < 0 ? body.length : quote, this.#target);
    const { host, method, path, query, protocol } = this.#target;
    const status = Math.max(0, Number(rawStatus));
    const record = request(
      time,
      clientAddress(client as string),
      host,
      method,
      unescapeField(path),
      unescapeField(query),
      protocol,
      status,
      Number(bytes),
      null,
      '',
    );
    record.durationUs = lastTimer(timers as string);
    return record;
  }
}

/** What follows `haproxy[123]: `, or the whole line. */
function afterHeader(line: string): string {
  const at = line.indexOf('haproxy[');
  if (at < 0 || at > 200) return line;
  const colon = line.indexOf(']: ', at);
  return colon < 0 || colon > at + 24 ? line : line.slice(colon + 3);
}

/** An HTTP entry has five timers and a status, also when what follows them is missing; a TCP session has three timers. */
function isCutRequest(body: string): boolean {
  return / (?:-?\d+\/){4}\+?-?\d+ (?:-1|\d{3})(?: |$)/.test(body.slice(0, 1200)) && body.indexOf('"') < 0;
}

function lastTimer(timers: string): number {
  const text = timers.slice(timers.lastIndexOf('/') + 1).replace('+', '');
  const millis = digits(text, 0, text.length);
  return millis < 0 ? -1 : millis * 1000;
}
