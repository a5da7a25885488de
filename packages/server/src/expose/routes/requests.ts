import { hash } from 'node:crypto';
import { HEADER_PREFIX, IngestAnswer, IngestRequest } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { parseBounded } from '../../model/bounded-json.ts';
import { isRefusal, type RawRequest, type Refusal } from '../../model/request.ts';
import { MOST_RECORDS, type Reading } from '../../model/ways-in.ts';
import { readBody, splitLines } from '../body.ts';
import { idempotencyKeyOf } from '../idempotency.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { noted, ownershipOf, refuseBeyondQuota, SENDER_HEADERS, senderOf } from '../sender.ts';
import { createLineReader, readWireRequest } from '../wire-request.ts';

/** Lines are read one by one, each for itself. */
const ONE_A_LINE = Type.Unsafe<string>({
  type: 'string',
  description: 'One IngestRequest a line.',
  examples: ['{"time":"2026-11-26T12:00:00Z","client.address":"192.0.2.1","url.path":"/pricing"}\n'],
});
const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'];

const LINES = Object.fromEntries(NDJSON.map((type) => [type, ONE_A_LINE]));

/** Requests that senders have seen. */
export function addRequestRoutes(app: FastifyInstance, hub: Hub, bodyBytes: number): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/requests',
    access: 'ingest',
    // Requests that are sent in.
    audit: false,
    summary: 'Takes requests in; answered once they are durable',
    description:
      `A JSON array, or one JSON object a line. Unknown keys are ignored, but ${HEADER_PREFIX}<name>. ` +
      'A line may also be an array of two whole numbers, ms since the line before and µs that it took: a request that is ' +
      'else like that one, with the id after. ' +
      'Records that are wrong are told by index, counted from 0; the others are taken. With a key of the installation, ' +
      'a record whose server.address belongs to a tenant’s domain goes to that tenant, unless tenant says otherwise. ' +
      'Bodies may be compressed (Content-Encoding gzip, deflate, br or zstd).',
    query: Type.Object({ tenant: TENANT }),
    headers: { 'Idempotency-Key': 'A retry under the same key is answered, not stored again.', ...SENDER_HEADERS },
    body: { types: ['application/json'], schema: Type.Array(IngestRequest), also: LINES },
    answers: {
      200: { description: 'How many were taken, and which were not', schema: IngestAnswer },
      400: {
        description: 'The body is not JSON, or its encoding is damaged',
        codes: ['bad-json', 'bad-encoding', 'bad-idempotency-key'],
      },
      408: {
        description: 'The body was cut on its way: it holds another number than Vedette-Requests says',
        codes: ['incomplete'],
      },
      413: {
        description: 'The body is too large, or holds too many: send fewer at once',
        codes: ['too-large', 'too-many'],
      },
      422: { description: 'The Idempotency-Key was used for another body before', codes: ['idempotency-key-reused'] },
      429: {
        description: 'The tenant has had its requests of the day: send it again after Retry-After seconds',
        codes: ['quota-exceeded'],
      },
      415: {
        description: 'Neither JSON nor one JSON object a line',
        codes: ['unsupported-media-type', 'unsupported-encoding', 'unsupported-charset'],
      },
      503: { description: 'No room at the moment: try again after Retry-After seconds' },
    },
    async handler(request, reply) {
      const idempotencyKey = idempotencyKeyOf(request);
      const owner = await ownershipOf(hub, request);
      const sender = senderOf(request, 'api');
      let fingerprint = '';
      const reading = await noted(hub, owner.tenantId, sender, async () => {
        const lines = isLines(request.headers['content-type']);
        const body = await readBody(request, bodyBytes);
        if (idempotencyKey !== '') fingerprint = hash('sha256', body, 'base64url');
        const found = readRecords(body, lines);
        refuseIncomplete(found, request.headers['vedette-requests']);
        return found;
      });
      const reception = await hub.receiver.receive({
        sender,
        ...owner,
        reading,
        ...(idempotencyKey === '' ? {} : { idempotencyKey, fingerprint }),
      });
      if (reception.fault !== undefined) throw reception.fault;
      refuseBeyondQuota(owner, reception);
      if (reception.repeated) reply.header('idempotency-replayed', 'true');
      const rejected = reception.rejected.map(({ index, refusal }) => ({ index, reason: refusal.detail }));
      return { accepted: reception.accepted, rejected } satisfies IngestAnswer;
    },
  });
}

function isLines(type: string | undefined): boolean {
  const name = (type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (NDJSON.includes(name)) return true;
  if (name === 'application/json') return false;
  throw new ProblemError(
    415,
    'unsupported-media-type',
    `Content-Type is ${name === '' ? 'missing' : `"${name.slice(0, 80)}"`}; send application/json (an array) or application/x-ndjson`,
  );
}

/** The records of a body. A bad line is one rejected record; a bad array is a bad body. */
function readRecords(body: Buffer, lines: boolean): Reading {
  const reading: Reading = { records: [], rejected: [], ignored: 0 };
  const take = (raw: RawRequest | Refusal, index: number) => {
    if (isRefusal(raw)) reading.rejected.push({ index, refusal: raw, from: '' });
    else reading.records.push({ index, raw, from: '' });
  };
  if (!lines) {
    const value = parseBounded(body.toString('utf8'));
    if ('error' in value) throw new ProblemError(400, 'bad-json', `the body is not JSON: ${value.error}`);
    const records: unknown[] = Array.isArray(value.json) ? value.json : [value.json];
    refuseTooMany(records.length);
    for (const [index, record] of records.entries()) take(readWireRequest(record), index);
    return reading;
  }
  const texts = splitLines(body);
  refuseTooMany(texts.length);
  const read = createLineReader();
  for (const [index, line] of texts.entries()) take(read(line), index);
  return reading;
}

/** A body that was cut between two lines on its way looks whole; its sender knows how many there were. */
function refuseIncomplete({ records, rejected }: Reading, told: string | string[] | undefined): void {
  const count = records.length + rejected.length;
  if (told === undefined || Number(told) === count) return;
  throw new ProblemError(
    408,
    'incomplete',
    `the body holds ${count} requests, and Vedette-Requests says ${String(told).slice(0, 20)}; send it again`,
  );
}

function refuseTooMany(count: number): void {
  if (count <= MOST_RECORDS) return;
  throw new ProblemError(
    413,
    'too-many',
    `the body holds ${count} records, and ${MOST_RECORDS} may be in one; send fewer at once`,
  );
}
