import { parseBounded } from '../model/bounded-json.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import { createIdSequence, isUuid } from '../model/uuid.ts';
import { type BulkReading, MOST_RECORDS } from '../model/ways-in.ts';
import { refuse } from './access-log/format.ts';
import { isObject } from './access-log/json.ts';
import { eachLine } from './access-log/lines.ts';
import { flatten, readDocument } from './document.ts';
import type { LineReader } from './line-reader.ts';
import type { Fields } from './named-request.ts';

const LONGEST_NAME = 512;
const ids = createIdSequence();
const WITH_DOCUMENT = new Set(['index', 'create', 'update']);

/**
 * Reads the body of Elasticsearch's _bulk: an action a line, each but `delete` followed by its document. A document that
 * is wrong is one refused record; an action that is wrong leaves unclear what the next line is, so the body is refused.
 */
export function readBulk(
  body: Buffer,
  defaultIndex: string,
  lines: (name: string) => LineReader,
): BulkReading | Refusal {
  const reading: BulkReading = { records: [], rejected: [], ignored: 0, actions: [], allNamed: true };
  let pending: Action | null = null;
  let wrong: Refusal | null = null;
  let line = 0;
  eachLine(body, (text) => {
    line += 1;
    if (wrong !== null || text.trim() === '') return;
    if (pending !== null) {
      takeDocument(reading, text, lines);
      pending = null;
      return;
    }
    const action = readAction(text, line, defaultIndex);
    if (isRefusal(action)) {
      wrong = action;
      return;
    }
    if (reading.actions.length >= MOST_RECORDS) {
      wrong = refuse('too-many', `a body may hold ${MOST_RECORDS} actions; send fewer at once`);
      return;
    }
    reading.allNamed &&= action.named;
    reading.actions.push({ action: action.action, index: action.index, id: action.id });
    if (WITH_DOCUMENT.has(action.action)) pending = action;
    else turnAway(reading, unsupported(action.action));
  });
  if (wrong !== null) return wrong;
  if (pending !== null) return refuse('bad-action', 'the last action has no document on the line behind it');
  if (reading.actions.length === 0) return refuse('bad-action', 'the body holds no action');
  return reading;
}

interface Action {
  action: string;
  index: string;
  id: string;
  named: boolean;
}

function readAction(text: string, line: number, defaultIndex: string): Action | Refusal {
  const parsed = parseBounded(text);
  const bad = (why: string) => refuse('bad-action', `Malformed action/metadata line [${line}], ${why}`);
  if ('error' in parsed || !isObject(parsed.json)) return bad('expected an object such as {"index":{}}');
  const [action = '', ...more] = Object.keys(parsed.json);
  const meta = parsed.json[action];
  if (more.length > 0 || !(WITH_DOCUMENT.has(action) || action === 'delete') || !isObject(meta)) {
    return bad('expected one of create, delete, index or update with an object');
  }
  const id = nameOf(meta._id);
  return { action, index: nameOf(meta._index) || defaultIndex, id: id || ids.next(Date.now()), named: id !== '' };
}

function nameOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, LONGEST_NAME) : '';
}

function takeDocument(reading: BulkReading, text: string, lines: (name: string) => LineReader): void {
  const index = reading.actions.length - 1;
  const { action, id } = reading.actions[index] as BulkReading['actions'][number];
  if (action === 'update') return turnAway(reading, unsupported(action));
  const parsed = parseBounded(text);
  if ('error' in parsed) return turnAway(reading, refuse('bad-json', `the document is not JSON: ${parsed.error}`));
  if (!isObject(parsed.json)) return turnAway(reading, refuse('bad-json', 'the document is not an object'));
  const fields = flatten(parsed.json);
  const from = senderOf(fields);
  const raw = readDocument(parsed.json, lines(from), fields);
  if (raw === null) reading.ignored += 1;
  else if (isRefusal(raw)) turnAway(reading, raw, from);
  else {
    // The id that is answered is the one the request has.
    if (isUuid(id)) raw.id = id.toLowerCase();
    reading.records.push({ index, raw, from });
  }
}

function turnAway(reading: BulkReading, refusal: Refusal, from = ''): void {
  reading.rejected.push({ index: reading.actions.length - 1, refusal, from });
}

function unsupported(action: string): Refusal {
  return refuse('unsupported-action', `requests are only added: ${action} is not supported, use index or create`);
}

/** The host a shipper runs on, by ECS; '' when the document does not say. */
function senderOf(fields: Fields): string {
  for (const name of ['host.name', 'host.hostname', 'agent.name']) {
    const value = fields.get(name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}
