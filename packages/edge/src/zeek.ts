import { createHash, randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { EdgeRequest } from './edge-request.ts';
import { openLogFile, type Rotation, stampOf } from './log-file.ts';
import type { Output } from './recorder.ts';

export interface ZeekOptions {
  /** Directory of the logs; made when it is not there. */
  dir: string;
  /** `tsv`, Zeek's own (default), or one JSON object a line. */
  format?: 'tsv' | 'json';
  /** Ms after which a log is closed and a new one begun: 3,600,000, an hour, unless told; 0 for never. */
  rotateMs?: number;
  /** Bytes after which it is; 0, for never, unless told. */
  rotateBytes?: number;
  /** Rotated logs that stay; all of them unless told. */
  keep?: number;
  /** Told of what cannot be written, instead of the edge's own `onError`; never thrown. */
  onError?: (error: Error) => void;
}

/** The columns of Zeek's http.log with their types, in its order. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['trans_depth', 'count'],
  ['method', 'string'],
  ['host', 'string'],
  ['uri', 'string'],
  ['referrer', 'string'],
  ['version', 'string'],
  ['user_agent', 'string'],
  ['origin', 'string'],
  ['request_body_len', 'count'],
  ['response_body_len', 'count'],
  ['status_code', 'count'],
  ['status_msg', 'string'],
  ['info_code', 'count'],
  ['info_msg', 'string'],
  ['tags', 'set[enum]'],
  ['username', 'string'],
  ['password', 'string'],
  ['proxied', 'set[string]'],
  ['orig_fuids', 'vector[string]'],
  ['orig_filenames', 'vector[string]'],
  ['orig_mime_types', 'vector[string]'],
  ['resp_fuids', 'vector[string]'],
  ['resp_filenames', 'vector[string]'],
  ['resp_mime_types', 'vector[string]'],
];

/**
 * Writes requests as Zeek's http.log, for whatever reads that. User names and passwords are always unset, queries are
 * redacted, and addresses are in it, as in any http.log: it stays on this machine and is its owner's to guard.
 */
export function zeek(options: ZeekOptions): Output {
  const { dir, format = 'tsv', rotateMs = 3_600_000, rotateBytes = 0, keep = Number.POSITIVE_INFINITY } = options;
  if (typeof dir !== 'string' || dir === '') throw new TypeError('zeek: dir is missing, the directory of the logs');
  if (format !== 'tsv' && format !== 'json')
    throw new TypeError(`zeek: format "${String(format)}" is neither tsv nor json`);
  const rotation: Rotation = { ms: rotateMs, bytes: rotateBytes, keep };
  const tsv = format === 'tsv';
  let told: (error: Error) => void = () => undefined;
  const file = openLogFile({
    dir,
    name: 'http',
    header: tsv ? tsvHeader : () => '',
    footer: tsv ? (closed) => `#close\t${stampOf(closed)}\n` : () => '',
    rotation,
    onError: (error) => (options.onError ?? told)(error),
  });
  const uid = createUids();
  let text = '';
  return {
    write(request) {
      const values = valuesOf(request, uid);
      text += tsv ? tsvLine(values) : jsonLine(values);
    },
    slice() {
      if (text === '') return;
      file.append(text);
      text = '';
    },
    tell(onError) {
      told = onError;
    },
    flush: () => file.flush(),
    close: () => file.close(),
  };
}

function tsvHeader(opened: Date): string {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\thttp',
    `#open\t${stampOf(opened)}`,
    `#fields\t${COLUMNS.map(([name]) => name).join('\t')}`,
    `#types\t${COLUMNS.map(([, type]) => type).join('\t')}`,
    '',
  ].join('\n');
}

/** A value of one column; null is unset. */
type Value = string | number | readonly string[] | null;

/** In the order of `COLUMNS`. */
function valuesOf(request: EdgeRequest, uid: (connection: number) => string): Value[] {
  const { connection, head, target, status } = request;
  const origin = head.headers.indexOf('origin');
  const via = head.headers.indexOf('via');
  return [
    request.time / 1000,
    uid(connection?.number ?? -1),
    request.clientAddress || null,
    connection?.clientPort ?? null,
    connection?.serverAddress.replace(/^::ffff:(?=\d+\.)/, '') || null,
    connection?.serverPort ?? null,
    request.depth || null,
    request.method,
    head.host || null,
    target.query === '' ? target.path : `${target.path}?${target.query}`,
    head.referrer || null,
    request.version,
    head.userAgent || null,
    origin < 0 ? null : (head.headers[origin + 1] ?? null),
    request.bytesIn,
    request.bytesOut,
    status || null,
    STATUS_CODES[status] ?? null,
    null,
    null,
    // Zeek's set of tags, which is there and empty.
    [],
    null,
    null,
    via < 0 ? null : [`VIA -> ${head.headers[via + 1] as string}`],
    null,
    null,
    null,
    null,
    null,
    null,
  ];
}

function tsvLine(values: readonly Value[]): string {
  const columns = values.map((value, i) => {
    if (value === null) return '-';
    if (typeof value === 'number') return i === 0 ? value.toFixed(6) : String(value);
    if (typeof value === 'string') return escapeTsv(value);
    return value.length === 0 ? '(empty)' : value.map((item) => escapeTsv(item).replaceAll(',', '\\x2c')).join(',');
  });
  return `${columns.join('\t')}\n`;
}

/**
 * As Zeek's ASCII writer escapes: control characters, the separator and what is not UTF-8 as `\xNN`, a backslash
 * doubled; and what would read as unset or empty by its first character.
 */
function escapeTsv(text: string): string {
  if (text === '') return '(empty)';
  if (text === '-') return '\\x2d';
  if (text === '(empty)') return '\\x28empty)';
  return text.replace(/[\x00-\x1f\x7f\\]/g, (char) =>
    char === '\\' ? '\\\\' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function jsonLine(values: readonly Value[]): string {
  const entries = COLUMNS.map(([name], i) => [name, i === 0 ? Number((values[0] as number).toFixed(6)) : values[i]]);
  return `${JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== null)))}\n`;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Ids of connections as Zeek makes them: a C and 17 characters, the same for each request of a connection. */
function createUids(): (connection: number) => string {
  const salt = randomBytes(16);
  const known = new Map<number, string>();
  return (connection) => {
    let id = known.get(connection);
    if (id === undefined) {
      const hash = createHash('sha256').update(salt).update(String(connection)).digest();
      id = `C${[...hash.subarray(0, 17)].map((byte) => BASE62[byte % 62]).join('')}`;
      if (known.size >= 1000) known.clear();
      known.set(connection, id);
    }
    return id;
  };
}
