import type { RawRequest } from '../../model/request.ts';
import { clientAddress, hostName } from './address.ts';
import { anyTime } from './clock.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, request, shown } from './format.ts';
import { statusOf } from './json.ts';
import { newTarget, splitRequestLine } from './request-line.ts';
import { decimal, splitFields } from './text.ts';

const MOST_FIELDS = 40;
const ALB_TYPES = new Set(['http', 'https', 'h2', 'grpcs', 'ws', 'wss']);
const target = newTarget();

type Read = (fields: string[]) => ParsedLine;

/** A format of fields separated by spaces, quoted where they may hold some. Comments are passed over. */
class FieldParser implements LineParser {
  readonly format: string;
  readonly #read: Read;

  constructor(format: string, read: Read) {
    this.format = format;
    this.#read = read;
  }

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    if (line.charCodeAt(0) === 35) return null;
    return this.#read(splitFields(line, MOST_FIELDS));
  }
}

/** AWS Classic Load Balancer (docs.aws.amazon.com, "Access logs for your Classic Load Balancer"). */
export const openElb = (): LineParser => new FieldParser('elb', (fields) => readBalancer(fields));

/** AWS Application Load Balancer: the same with the connection's type in front and more behind. */
export const openAlb = (): LineParser =>
  new FieldParser('alb', (fields) => {
    const [type, ...rest] = fields;
    return ALB_TYPES.has(type as string) ? readBalancer(rest) : refuse('not-a-record', 'no connection type in front');
  });

/** Amazon S3 server access log ("Amazon S3 server access log format"). */
export const openS3 = (): LineParser => new FieldParser('s3', readS3);

/**
 * time, name, client:port, target:port, three durations in seconds (-1: not known), two statuses, bytes received and
 * sent, "request", "user agent". Entries of TCP listeners, which have no request, give null.
 */
function readBalancer(fields: string[]): ParsedLine {
  const time = anyTime(fields[0] ?? '');
  if (!(time >= 0) || !(fields[0] as string).includes('T')) return refuse('not-a-record', 'does not begin with a time');
  if (fields.length < 12) return refuse('truncated', `${fields.length} of at least 12 fields`);
  const [, , client, , first, second, third, balancerStatus, , received, sent, line, agent] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  if (!/^-1$|^\d/.test(first)) return refuse('not-a-record', `duration ${shown(first)}`);
  if (line.trim() === '- - -' && balancerStatus === '-') return null;
  const status = statusOf(balancerStatus);
  if (status < 0) return refuse('bad-status', `status ${shown(balancerStatus)}`);
  const record = withRequestLine(time, line, status);
  record.clientAddress = clientAddress(client);
  record.bytesIn = decimal(received);
  record.bytesOut = decimal(sent);
  record.userAgent = agent === undefined ? null : dashless(agent);
  const seconds = [first, second, third].map(decimal);
  if (seconds.every((part) => part >= 0)) record.durationUs = Math.round(seconds.reduce((a, b) => a + b, 0) * 1e6);
  return record;
}

/**
 * owner bucket [time zone] client requester id operation key "request" status error bytes size total turnaround
 * "referrer" "user agent" version … host. Work that S3 does by itself (expiry, restores) has no request and gives null.
 */
function readS3(fields: string[]): ParsedLine {
  const stamp = `${fields[2] ?? ''} ${fields[3] ?? ''}`;
  if (!stamp.startsWith('[') || !stamp.endsWith(']')) return refuse('not-a-record', 'no [time] in its place');
  const time = anyTime(stamp.slice(1, -1));
  if (!(time >= 0)) return refuse('bad-time', `time ${shown(stamp)}`);
  if (fields.length < 18) return refuse('truncated', `${fields.length} of at least 18 fields`);
  const line = fields[9] as string;
  const status = statusOf(fields[10]);
  if (line === '-' && status === 0) return null;
  if (status < 0) return refuse('bad-status', `status ${shown(fields[10] as string)}`);
  const record = withRequestLine(time, line, status);
  record.clientAddress = clientAddress(fields[4] as string);
  record.host = hostName(fields[23] ?? '') || record.host;
  record.bytesOut = fields[12] === '-' ? 0 : decimal(fields[12] as string);
  const millis = decimal(fields[14] as string);
  record.durationUs = millis < 0 ? -1 : Math.round(millis * 1000);
  record.referrer = dashless(fields[16] as string);
  record.userAgent = dashless(fields[17] as string);
  return record;
}

function withRequestLine(time: number, line: string, status: number): RawRequest {
  splitRequestLine(line, 0, line.length, target);
  const { host, method, path, query, protocol } = target;
  return request(time, '', host, method, path, query, protocol, status, -1, null, '');
}

function dashless(text: string): string {
  return text === '-' ? '' : text;
}
