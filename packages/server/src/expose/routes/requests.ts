import { HEADER_PREFIX, IngestAnswer, IngestRequest } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isRefusal, type RawRequest } from '../../model/request.ts';
import { tenantOf } from '../access.ts';
import { readBody, splitLines } from '../body.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { readWireRequest } from '../wire-request.ts';

const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'];
const LONGEST_KEY = 255;

/** Requests that senders have seen. */
export function addRequestRoutes(app: FastifyInstance, hub: Hub, bodyBytes: number): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/requests',
    access: 'ingest',
    summary: 'Takes requests in; answered once they are durable',
    description:
      `A JSON array, or one JSON object a line. Unknown keys are ignored, but ${HEADER_PREFIX}<name>. ` +
      'Records that are wrong are told by index, counted from 0; the others are taken. With a key of the installation, ' +
      'a record whose server.address belongs to a tenant’s domain goes to that tenant, unless tenant says otherwise. ' +
      'Bodies may be compressed (Content-Encoding gzip, deflate, br or zstd).',
    query: Type.Object({ tenant: TENANT }),
    headers: { 'Idempotency-Key': 'A retry under the same key is answered, not stored again.' },
    body: { types: ['application/json', ...NDJSON], schema: Type.Array(IngestRequest) },
    answers: {
      200: { description: 'How many were taken, and which were not', schema: IngestAnswer },
      413: { description: 'The body is too large: send fewer at once' },
      415: { description: 'Neither JSON nor one JSON object a line' },
      503: { description: 'No room at the moment: try again after Retry-After seconds' },
    },
    async handler(request, reply) {
      const idempotencyKey = keyOf(request.headers['idempotency-key']);
      const tenant = await tenantOf(hub, request);
      const named = (request.query as { tenant?: string }).tenant !== undefined;
      const byHost = tenant.isInstallation && !named;
      const { records, rejected } = readRecords(
        await readBody(request, bodyBytes),
        isLines(request.headers['content-type']),
      );
      const groups = new Map<string, { index: number; raw: RawRequest }[]>();
      for (const record of records) {
        const owner = (byHost ? hub.records.hosts.resolve(record.raw.host) : undefined) ?? tenant.id;
        const group = groups.get(owner);
        if (group === undefined) groups.set(owner, [record]);
        else group.push(record);
      }
      let accepted = 0;
      let repeated = groups.size > 0;
      const receipts = [...groups].map(async ([tenantId, group]) => {
        const delivery = { tenantId, origin: 'edge' as const, records: group.map(({ raw }) => raw) };
        const receipt = await hub.intake.deliver({ ...delivery, ...(idempotencyKey === '' ? {} : { idempotencyKey }) });
        accepted += receipt.accepted;
        repeated &&= receipt.repeated;
        for (const { index, refusal } of receipt.refused) {
          rejected.push({ index: group[index]?.index ?? index, reason: refusal.detail });
        }
      });
      await settleAll(receipts);
      if (repeated) reply.header('idempotency-replayed', 'true');
      return { accepted, rejected: rejected.sort((a, b) => a.index - b.index) } satisfies IngestAnswer;
    },
  });
}

function keyOf(header: string | string[] | undefined): string {
  const key = String(header ?? '');
  if (key.length <= LONGEST_KEY && /^[\x20-\x7e]*$/.test(key)) return key;
  throw new ProblemError(
    400,
    'bad-idempotency-key',
    `Idempotency-Key must be up to ${LONGEST_KEY} printable ASCII characters`,
  );
}

/** Waits for all, so that nothing of a call is under way when it is answered; then throws the first failure. */
async function settleAll(work: Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
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

interface Read {
  records: { index: number; raw: RawRequest }[];
  rejected: { index: number; reason: string }[];
}

/** The records of a body. A bad line is one rejected record; a bad array is a bad body. */
function readRecords(body: Buffer, lines: boolean): Read {
  const read: Read = { records: [], rejected: [] };
  const take = (value: unknown, index: number) => {
    const raw = readWireRequest(value);
    if (isRefusal(raw)) read.rejected.push({ index, reason: raw.detail });
    else read.records.push({ index, raw });
  };
  if (!lines) {
    const value = parseJson(body.toString('utf8'));
    if ('error' in value) throw new ProblemError(400, 'bad-json', `the body is not JSON: ${value.error}`);
    for (const [index, record] of (Array.isArray(value.json) ? value.json : [value.json]).entries())
      take(record, index);
    return read;
  }
  for (const [index, line] of splitLines(body).entries()) {
    const value = parseJson(line);
    if ('error' in value) read.rejected.push({ index, reason: `the line is not JSON: ${value.error}` });
    else take(value.json, index);
  }
  return read;
}

function parseJson(text: string): { json: unknown } | { error: string } {
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return { error: (error as Error).message.slice(0, 200) };
  }
}
