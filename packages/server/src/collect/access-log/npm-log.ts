import { clientAddress, hostName } from './address.ts';
import { commonLogTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { statusOf } from './json.ts';
import { newTarget, splitRequestLine, splitTarget } from './request-line.ts';
import { closingQuote, decimal, splitFields, unescapeField } from './text.ts';

const SCHEMES = new Set(['http', 'https']);

/**
 * Reads Nginx Proxy Manager's logs, which begin with the time:
 * `[time] (cache upstream-status) status - METHOD scheme host "uri" [Client a] [Length n] [Gzip r] [Sent-to s] "agent" "referrer"`,
 * and the older `[time] host client seconds "request" status body-bytes bytes referrer agent`, whose agent has no quotes.
 */
export class ProxyManagerParser implements LineParser {
  readonly format = 'npm';
  readonly #target = newTarget();

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    if (line.charCodeAt(0) !== 91 || line.charCodeAt(27) !== 93) return refuse('not-a-record', 'no [time] in front');
    const time = commonLogTime(line, 1);
    if (!(time >= 0)) return refuse('bad-time', `time ${shown(line.slice(1, 27))}`);
    return /^ (?:\S+ \S+ )?\S+ - /.test(line.slice(28, 128)) ? this.#current(line, time) : this.#older(line, time);
  }

  #current(line: string, time: number): ParsedLine {
    const fields = splitFields(line, 20, true, 28);
    const dash = fields.findIndex((field, i) => i > 0 && field === '-' && SCHEMES.has(fields[i + 2] ?? ''));
    if (dash < 1) return refuse('not-a-record', 'no method, scheme and host');
    const [, method, , host, uri, ...rest] = fields.slice(dash) as [string, string, string, string, ...string[]];
    const status = statusOf(fields[dash - 1]);
    if (status < 0) return refuse('bad-status', `status ${shown(fields[dash - 1] as string)}`);
    const tagged = (name: string) => rest.find((field) => field.startsWith(name))?.slice(name.length) ?? '';
    const last = rest.findLastIndex((field) => /^(?:Client|Length|Gzip|Sent-to) /.test(field));
    if (uri === undefined || last < 0 || rest.length < last + 3) return refuse('truncated', 'ends before the referrer');
    splitTarget(uri, 0, uri.length, this.#target);
    return request(
      time,
      clientAddress(tagged('Client ')),
      hostName(host),
      method,
      this.#target.path,
      this.#target.query,
      '',
      status,
      decimal(tagged('Length ')),
      dashless(rest[last + 1] as string),
      dashless(rest[last + 2] as string),
    );
  }

  #older(line: string, time: number): ParsedLine {
    const open = line.indexOf(' "', 28);
    const [host, client, seconds] = open < 0 ? [] : line.slice(29, open).split(' ', 4);
    if (seconds === undefined) return refuse('not-a-record', 'no host, client and duration');
    const quote = closingQuote(line, open + 2);
    if (quote < 0) return refuse('truncated', 'ends within the request line');
    const [rawStatus, body, , referrer] = splitFields(line, 4, false, quote + 1);
    const status = statusOf(rawStatus);
    if (status < 0) return refuse('bad-status', `status ${shown(rawStatus as string)}`);
    if (referrer === undefined) return refuse('truncated', 'ends before the referrer');
    let agentAt = quote + 2;
    for (let i = 0; i < 4; i++) agentAt = line.indexOf(' ', agentAt) + 1 || line.length;
    splitRequestLine(line, open + 2, quote, this.#target);
    const { method, path, query, protocol } = this.#target;
    const record = request(
      time,
      clientAddress(client as string),
      hostName(host as string),
      method,
      unescapeField(path),
      unescapeField(query),
      protocol,
      status,
      decimal(body as string),
      dashless(line.slice(agentAt)),
      dashless(referrer),
    );
    const taken = decimal(seconds);
    record.durationUs = taken < 0 ? -1 : Math.round(taken * 1e6);
    return record;
  }
}

function dashless(text: string): string {
  return text === '-' ? '' : text;
}
