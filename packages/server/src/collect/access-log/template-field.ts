import { emptyRequest, type RawRequest } from '../../model/request.ts';
import { hostName } from './address.ts';
import { anyTime } from './clock.ts';
import { keepHeader, statusOf } from './json.ts';
import { addressOf } from './nginx-json.ts';
import { newTarget, protocolName, splitRequestLine, splitTarget } from './request-line.ts';
import { decimal } from './text.ts';

/** Puts a field's text into the record; a reason when it cannot be what the field holds. */
export type Setter = (record: RawRequest, text: string) => string | null;

const target = newTarget();

const setTarget = (record: RawRequest) => {
  if (record.host === '') record.host = target.host;
  if (target.path !== '') record.path = target.path;
  if (target.query !== '') record.query = target.query;
  return null;
};

const bytes = (key: 'bytesIn' | 'bytesOut') => (record: RawRequest, text: string) => {
  record[key] = text === '' ? 0 : Math.floor(decimal(text));
  return text === '' || record[key] >= 0 ? null : 'bad-bytes';
};

/** Durations by the unit they are written in: µs of one. */
export const DURATION_UNITS: Readonly<Record<string, number>> = { s: 1e6, ms: 1e3, us: 1, ns: 1e-3 };

/** The setter of a duration in a unit; what is no number leaves it unknown. */
export function duration(unit: string): Setter {
  const scale = DURATION_UNITS[unit] ?? 1e6;
  return (record, text) => {
    const value = decimal(text);
    if (value >= 0) record.durationUs = Math.round(value * scale);
    return null;
  };
}

/** The setter of a kept header; headers that are not kept (see `keepHeader`) are passed over. */
export function header(name: string): Setter {
  return (record, text) => {
    record.headers = keepHeader(record.headers, name, text);
    return null;
  };
}

const SETTERS: Readonly<Record<string, Setter>> = {
  skip: () => null,
  time: (record, text) => {
    record.time = anyTime(text);
    return record.time >= 0 ? null : 'bad-time';
  },
  'client.address': (record, text) => {
    record.clientAddress = addressOf(text);
    return null;
  },
  'server.address': (record, text) => {
    record.host = hostName(text) || record.host;
    return null;
  },
  request: (record, text) => {
    splitRequestLine(text, 0, text.length, target);
    record.method = target.method;
    record.protocol = target.protocol;
    return setTarget(record);
  },
  'http.request.method': (record, text) => {
    record.method = text;
    return null;
  },
  'url.original': (record, text) => {
    target.host = '';
    splitTarget(text, 0, text.length, target);
    return setTarget(record);
  },
  'url.query': (record, text) => {
    record.query = text.startsWith('?') ? text.slice(1) : text;
    return null;
  },
  'network.protocol.version': (record, text) => {
    record.protocol = protocolName(text);
    return null;
  },
  'http.response.status_code': (record, text) => {
    record.status = statusOf(text);
    return record.status < 0 ? 'bad-status' : null;
  },
  'http.request.body.size': bytes('bytesIn'),
  'http.response.body.size': bytes('bytesOut'),
  'user_agent.original': (record, text) => {
    record.userAgent = text;
    return null;
  },
  'http.request.header.referer': (record, text) => {
    record.referrer = text;
    return null;
  },
  'http.route': (record, text) => {
    record.route = text;
    return null;
  },
};

/** Other spellings of the names above. */
const NAMES: Readonly<Record<string, string>> = {
  '-': 'skip',
  _: 'skip',
  '@timestamp': 'time',
  timestamp: 'time',
  client: 'client.address',
  host: 'server.address',
  method: 'http.request.method',
  path: 'url.original',
  'url.path': 'url.original',
  query: 'url.query',
  protocol: 'network.protocol.version',
  status: 'http.response.status_code',
  bytes: 'http.response.body.size',
  user_agent: 'user_agent.original',
  referrer: 'http.request.header.referer',
  'http.request.referrer': 'http.request.header.referer',
};

/** The setter of one of Vedette's field names with its modifier (the unit of a duration); undefined for no such name. */
export function setterOf(name: string, modifier = ''): Setter | undefined {
  const known = NAMES[name] ?? name;
  if (known === 'duration' || known === 'http.server.request.duration') {
    return modifier === '' || modifier in DURATION_UNITS ? duration(modifier || 's') : undefined;
  }
  if (Object.hasOwn(SETTERS, known)) return SETTERS[known];
  return known.startsWith('http.request.header.') ? header(known.slice(20)) : undefined;
}

/** A record nothing has been put into yet; its time is not valid. */
export function blankRecord(): RawRequest {
  return emptyRequest(Number.NaN);
}
