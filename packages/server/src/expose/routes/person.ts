import { Readable } from 'node:stream';
import {
  type ErasureAnswer,
  ErasureList,
  ErasureAnswer as ErasureSchema,
  PersonExport,
  PersonLine,
  PersonQuestion,
} from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { ErasureView, Hub, PersonIds, PersonRecord } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';

const QUERY = Type.Object({ tenant: TENANT });
const NDJSON = 'application/x-ndjson';
// Looked at after the tenant: whose data is asked for comes first.
const BODY = { types: ['application/json'], schema: PersonQuestion };
const ID = /^[0-9a-f]{32}$/;

/** Export and erasure of what is kept of a person. */
export function addPersonRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/privacy/export',
    access: 'privacy',
    audit: 'person.export',
    summary: 'Everything that is kept of a person, by proof id or visitor id',
    description:
      'As a JSON document, or, with `Accept: application/x-ndjson`, a line for each record and a last one with the ' +
      'number of records by place. Ids that the consent evidence has together with the one asked for are followed.',
    query: QUERY,
    body: BODY,
    answers: {
      200: { description: 'The records, place by place', schema: PersonExport, also: { [NDJSON]: PersonLine } },
      422: { description: 'The person has more ids than can be followed', codes: ['too-many-ids'] },
    },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const ids = idsOf(request);
      const lines = String(request.headers.accept ?? '').includes(NDJSON);
      const records = hub.privacy.people.export(tenant.id, ids);
      reply.header('content-type', lines ? NDJSON : 'application/json');
      reply.header('content-disposition', `attachment; filename="person.${lines ? 'ndjson' : 'json'}"`);
      return reply.send(Readable.from(lines ? asLines(records) : asDocument(records, tenant.slug)));
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/privacy/erase',
    access: 'privacy',
    audit: 'person.erase',
    summary: 'Erases everything that is kept of a person, and proves it by searching every store',
    description:
      'By proof id or visitor id; ids that the consent evidence has together with it are followed. Answers when it is ' +
      'done, which may take minutes. Later requests under an erased visitor id count as refused.',
    query: QUERY,
    body: BODY,
    answers: {
      200: { description: 'What was erased, and what every store holds now', schema: ErasureSchema },
      422: { description: 'The person has more ids than can be followed', codes: ['too-many-ids'] },
      503: { description: 'It is not done yet; ask again', codes: ['erasure-unfinished'] },
    },
    async handler(request): Promise<ErasureAnswer> {
      const tenant = await tenantOf(hub, request);
      const erasure = await hub.privacy.people.erase(tenant.id, idsOf(request));
      const { id, complete, erased } = erasure;
      request.audit({ target: id, detail: { complete, rows: erased.reduce((sum, { rows }) => sum + rows, 0) } });
      return show(erasure);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/privacy/erasures',
    access: 'privacy',
    summary: 'Erasures, the latest first; they name nobody',
    query: Type.Object({ ...QUERY.properties, ...pageQuery() }),
    answers: { 200: { description: 'The erasures', schema: ErasureList } },
    async handler(request): Promise<ErasureList> {
      const tenant = await tenantOf(hub, request);
      const { limit, after, cut } = readPage(request, tenant.id, ['number', 'uuid']);
      const before = after === null ? null : { askedAt: after[0], id: after[1] };
      const found = await hub.privacy.people.erasures(tenant.id, limit + 1, before);
      const { rows, next } = cut(found, ({ askedAt, id }) => [askedAt, id]);
      return { erasures: rows.map(show), next };
    },
  });
}

function idsOf({ body }: FastifyRequest): PersonIds {
  const given = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const [[name, id] = ['', ''], ...more] = given;
  if (more.length > 0 || (name !== 'proof_id' && name !== 'visitor_id') || typeof id !== 'string' || !ID.test(id)) {
    throw new ProblemError(400, 'invalid', 'send either proof_id or visitor_id: 32 hexadecimal digits in lower case');
  }
  return name === 'proof_id' ? { proofs: [id], visitors: [] } : { proofs: [], visitors: [id] };
}

function show({ id, askedAt, erased, searched, complete, repeated }: ErasureView): ErasureAnswer {
  const answer = { id, time: new Date(askedAt).toISOString(), erased, searched, complete };
  return repeated === undefined ? answer : { ...answer, repeated };
}

async function* asLines(records: AsyncIterable<PersonRecord>): AsyncGenerator<string> {
  const counts: Record<string, number> = {};
  for await (const { place, record } of records) {
    counts[place] = (counts[place] ?? 0) + 1;
    yield `${JSON.stringify({ place, record })}\n`;
  }
  yield `${JSON.stringify({ end: counts })}\n`;
}

/** `{tenant, exported, places: [{place, what, records: […]}]}`, written as it comes. */
async function* asDocument(records: AsyncIterable<PersonRecord>, tenant: string): AsyncGenerator<string> {
  yield `{"tenant":${JSON.stringify(tenant)},"exported":"${new Date().toISOString()}","places":[`;
  let last: string | null = null;
  for await (const { place, what, record } of records) {
    if (place === last) yield `,${JSON.stringify(record)}`;
    else {
      if (last !== null) yield ']},';
      yield `{"place":${JSON.stringify(place)},"what":${JSON.stringify(what)},"records":[${JSON.stringify(record)}`;
    }
    last = place;
  }
  yield last === null ? ']}\n' : ']}]}\n';
}
