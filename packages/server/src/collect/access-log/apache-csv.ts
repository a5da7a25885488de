import { clientAddress, hostName } from './address.ts';
import { anyTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { statusOf } from './json.ts';
import { newTarget, protocolName, splitTarget } from './request-line.ts';
import { closingQuote, decimal, unescapeField } from './text.ts';

/** Columns up to the user agent, and with the two that are not read: an application's cookie and the request's log id. */
const FEWEST = 20;
const MOST = 24;

/**
 * Reads Apache's comma-separated form, the LogFormat of apache-logs-to-mysql:
 * `%v,%p,%h,%l,%u,%t,%I,%O,%S,%B,%{ms}T,%D,%^FB,%>s,"%H","%m","%U","%q","%{Referer}i","%{User-Agent}i",…`.
 * The duration is %D (µs), bytes out are those of the body (%B), bytes in all that was received (%I).
 */
export class ApacheCsvParser implements LineParser {
  readonly format = 'apache-csv';
  readonly #target = newTarget();

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    const fields = splitCsv(line);
    const stamp = fields[5] ?? '';
    if (!stamp.startsWith('[') || !stamp.endsWith(']')) return refuse('not-a-record', 'no [time] in the sixth column');
    if (fields.length < FEWEST) return refuse('truncated', `${fields.length} of at least ${FEWEST} columns`);
    const time = anyTime(stamp.slice(1, -1));
    if (!(time >= 0)) return refuse('bad-time', `time ${shown(stamp)}`);
    const status = statusOf(fields[13]);
    if (status < 0) return refuse('bad-status', `status ${shown(fields[13] as string)}`);
    const [protocol, method, path, query, referrer, agent] = fields.slice(14, 20) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const target = this.#target;
    target.host = '';
    splitTarget(path, 0, path.length, target);
    const record = request(
      time,
      clientAddress(fields[2] as string),
      hostName(fields[0] as string) || target.host,
      dashless(method),
      path === '-' ? '' : target.path,
      query === '' ? target.query : query.replace(/^\?/, ''),
      protocolName(protocol),
      status,
      decimal(fields[9] as string),
      dashless(agent),
      dashless(referrer),
    );
    record.bytesIn = decimal(fields[6] as string);
    record.durationUs = Math.floor(decimal(fields[11] as string));
    return record;
  }
}

function dashless(text: string): string {
  return text === '-' ? '' : text;
}

/** Values between commas; quoted ones may hold commas and have Apache's escapes. */
function splitCsv(line: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length && fields.length < MOST) {
    let end = line.charCodeAt(at) === 34 ? closingQuote(line, at + 1, 44) : -1;
    if (end >= 0) {
      fields.push(unescapeField(line.slice(at + 1, end)));
      end++;
    } else {
      end = line.indexOf(',', at);
      if (end < 0) end = line.length;
      fields.push(line.slice(at, end));
    }
    at = end + 1;
  }
  return fields;
}
