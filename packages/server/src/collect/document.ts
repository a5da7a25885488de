import { isRefusal, type RawRequest, type Refusal } from '../model/request.ts';
import { readCaddy } from './access-log/caddy.ts';
import { refuse } from './access-log/format.ts';
import { isObject, type JsonObject } from './access-log/json.ts';
import { readNginxJson } from './access-log/nginx-json.ts';
import { readTraefik } from './access-log/traefik.ts';
import type { LineReader } from './line-reader.ts';
import { type Fields, isHttp, readNamed } from './named-request.ts';

const DEEPEST = 8;
const MOST_NAMES = 512;
/** Where agents put the line they have read. */
const LINES = ['message', 'log', 'event.original', 'MESSAGE', 'msg', 'body'];
/** JSON access logs whose names are their server's own. */
const READERS = [readCaddy, readTraefik, readNginxJson];

/** An object's values by dotted name, whether it nests, uses dots, or both. Deep and numerous ones are left out. */
export function flatten(object: JsonObject): Map<string, unknown> {
  const into = new Map<string, unknown>();
  add(object, '', 0, into);
  return into;
}

function add(object: JsonObject, prefix: string, depth: number, into: Map<string, unknown>): void {
  for (const key of Object.keys(object)) {
    if (into.size >= MOST_NAMES) return;
    const value = object[key];
    const name = prefix + key;
    if (!isObject(value)) into.set(name, value);
    else if (depth < DEEPEST) add(value, `${name}.`, depth + 1, into);
  }
}

/**
 * A request from a document of a log agent: by the names of OpenTelemetry and ECS; else by those of a server's JSON log;
 * else by the line of an access log it holds. `time` in ms stands in where nothing else tells one, NaN when there is
 * none. null: it holds a line that carries no request.
 */
export function readDocument(
  document: JsonObject,
  lines: LineReader,
  fields: Fields = flatten(document),
  time: number = Number.NaN,
): RawRequest | Refusal | null {
  if (isHttp(fields)) {
    const told = readNamed(fields);
    return isUntimed(told) && !Number.isNaN(time) ? readNamed(fields, { time, durationUs: -1 }) : told;
  }
  for (const read of READERS) {
    let parsed = read(document);
    if (parsed !== null && isUntimed(parsed) && !Number.isNaN(time)) parsed = read({ ...document, '@timestamp': time });
    if (parsed !== null && !(isRefusal(parsed) && parsed.refused === 'not-a-record')) return parsed;
  }
  for (const name of LINES) {
    const line = fields.get(name);
    if (typeof line === 'string' && line.trim() !== '') return lines.read(line.trimEnd());
  }
  return refuse('not-a-record', 'neither the names of a request nor a line of an access log are in it');
}

function isUntimed(parsed: RawRequest | Refusal): boolean {
  return isRefusal(parsed) && parsed.refused === 'bad-time';
}
