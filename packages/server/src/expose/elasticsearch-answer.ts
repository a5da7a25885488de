import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from '../model/request.ts';
import type { BulkReading, Reception } from '../model/ways-in.ts';
import { explainError } from './problem.ts';

/** What Elasticsearch calls an error, by HTTP status. */
const TYPES: Record<number, string> = {
  400: 'illegal_argument_exception',
  401: 'security_exception',
  403: 'security_exception',
  404: 'resource_not_found_exception',
  405: 'method_not_allowed_exception',
  413: 'content_too_long_exception',
  415: 'media_type_header_exception',
  429: 'es_rejected_execution_exception',
  503: 'es_rejected_execution_exception',
};

/**
 * The version that is told: agents choose by it what they send. From 7.14 on clients look for the product's header, and
 * the bodies of 8 are those of OpenSearch and of all newer ones.
 */
const VERSION = '8.19.0';

/** The answer to `GET /`, by which clients and agents find out what they talk to. */
export function infoOf(name: string): object {
  return {
    name,
    cluster_name: 'vedette',
    cluster_uuid: 'vedette',
    version: {
      number: VERSION,
      build_flavor: 'default',
      build_type: 'tar',
      build_hash: 'vedette',
      build_date: '2026-01-01T00:00:00.000Z',
      build_snapshot: false,
      lucene_version: '9.12.2',
      minimum_wire_compatibility_version: '7.17.0',
      minimum_index_compatibility_version: '7.0.0',
    },
    tagline: 'You Know, for Search',
  };
}

/** The error handler of these routes: Elasticsearch's shape, which its clients take apart. */
export function onElasticsearchError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { problem, headers } = explainError(error, request);
  const { status, detail = problem.title } = problem;
  const cause = { type: TYPES[status] ?? 'exception', reason: detail };
  reply
    .code(status)
    .headers(headers)
    .type('application/json')
    .send(JSON.stringify({ error: { root_cause: [cause], ...cause }, status }));
}

/** The answer of _bulk: one item for each action, in its order. */
export function bulkAnswer(reading: BulkReading, reception: Reception, tookMs: number): object {
  const refused = new Map(reception.rejected.map(({ index, refusal }) => [index, refusal]));
  const failed = new Set(reception.failed);
  const items = reading.actions.map(({ action, index, id }, at) => {
    const refusal = refused.get(at);
    const name = { _index: index, _id: id };
    if (failed.has(at)) return { [action]: { ...name, status: 429, error: overloaded() } };
    if (refusal !== undefined) {
      const status = STATUSES[refusal.refused] ?? 400;
      return { [action]: { ...name, status, error: errorOf(refusal, status) } };
    }
    const shards = { total: 1, successful: 1, failed: 0 };
    return {
      [action]: {
        ...name,
        _version: 1,
        result: 'created',
        _shards: shards,
        _seq_no: at,
        _primary_term: 1,
        status: 201,
      },
    };
  });
  return { took: tookMs, errors: refused.size > 0 || failed.size > 0, items };
}

/** Of documents that are right, and refused for whose they are; clients send again what is 429. */
const STATUSES: Readonly<Record<string, number>> = { 'quota-exceeded': 429, 'tenant-suspended': 403 };

function errorOf({ refused, detail }: Refusal, status: number): { type: string; reason: string } {
  const own = refused === 'unsupported-action' ? 'illegal_argument_exception' : 'document_parsing_exception';
  const type = status === 400 ? own : (TYPES[status] ?? own);
  return { type, reason: `${detail} (${refused})` };
}

function overloaded(): { type: string; reason: string } {
  return {
    type: 'es_rejected_execution_exception',
    reason: 'the hub has no room at the moment; send the document again',
  };
}
