import { STATUS_CODES } from 'node:http';
import { PROBLEM_TYPE, type Problem } from '@vedette/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isDiskFull } from '../model/disk-full.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { endOfUtcDay } from '../model/quota.ts';
import type { Refusal } from '../model/request.ts';
import { wrongParts } from './wrong-parts.ts';

/** An answer of 4xx or 5xx, thrown by a route. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { errors?: Problem['errors']; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = 'ProblemError';
    this.problem = problemOf(status, code, detail, more.errors);
    this.headers = more.headers ?? {};
  }
}

/** An RFC 9457 problem. `code` is in kebab-case and stable. */
export function problemOf(status: number, code: string, detail: string, errors?: Problem['errors']): Problem {
  return {
    type: `urn:vedette:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...(errors === undefined ? {} : { errors }),
  };
}

/** A refusal as an answer; what is refused for its content is 422, for its words 400. */
export function refused(refusal: Refusal, status = 422): ProblemError {
  return new ProblemError(status, refusal.refused, refusal.detail);
}

/** A tenant has had its requests of the UTC day: 429, until that ends. */
export function quotaExceeded(detail: string, now: number): ProblemError {
  const seconds = Math.max(1, Math.ceil((endOfUtcDay(now) - now) / 1000));
  return new ProblemError(429, 'quota-exceeded', detail, { headers: { 'retry-after': String(seconds) } });
}

/** Faults that say something to the caller, by what they mean over HTTP. Of all others only the log tells. */
const STATUS_OF_FAULT: Record<string, number> = {
  overloaded: 503,
  'disk-low': 503,
  stopping: 503,
  'no-day-key': 503,
  'store-unreachable': 503,
  'import-interrupted': 503,
  'import-running': 409,
  'rotation-running': 409,
  'backup-running': 409,
  'backup-gone': 409,
  'clickhouse-external': 409,
  'rows-hidden': 409,
  'mutation-running': 409,
  'tenant-suspended': 403,
  'erasure-unfinished': 503,
  'too-many-ids': 422,
  'key-file-read-only': 409,
  'unsupported-compression': 422,
  'idempotency-key-reused': 422,
};
/** What the connection to an engine says while that is away: of the system, and of PostgreSQL (class 57P). */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
]);
/** Seconds after which it is worth trying again while the hub or its store is overloaded. */
const RETRY_AFTER = '2';
/** A disk takes longer: somebody has to make room, or something has to pass its retention. */
const RETRY_AFTER_DISK = '30';

/** What an error that was thrown anywhere is to the caller. Only what is the caller's own doing is told in detail. */
export function toProblemError(error: unknown, requestId: string): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof Fault && error.code === 'quota-exceeded') return quotaExceeded(error.message, Date.now());
  if (error instanceof UsageFault) return new ProblemError(400, kebab(error.code), error.message);
  const status = error instanceof Fault ? STATUS_OF_FAULT[error.code] : undefined;
  if (error instanceof Fault && status !== undefined) return ofFault(error.code, status, error.message);
  if (AWAY.has((error as NodeJS.ErrnoException | null)?.code ?? '')) {
    return ofFault('store-unreachable', 503, 'an engine of the hub does not answer at the moment');
  }
  // Where the disk is, is nothing for senders.
  if (isDiskFull(error))
    return ofFault('disk-full', 503, 'the disk of the hub is full or nearly full; make room there');
  const known = error instanceof Error ? fromFastify(error as FastifyError) : null;
  if (known !== null) return known;
  const problem = new ProblemError(500, 'internal', 'Something went wrong in the hub; its log says what.');
  problem.problem.instance = `urn:vedette:request:${requestId}`;
  return problem;
}

function ofFault(code: string, status: number, detail: string): ProblemError {
  const after = code === 'disk-low' ? RETRY_AFTER_DISK : RETRY_AFTER;
  return new ProblemError(status, code, detail, status === 503 ? { headers: { 'retry-after': after } } : {});
}

/** Codes of our own for what Fastify refuses before a route sees it. */
const FASTIFY_CODES: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-content-length',
};

function fromFastify(error: FastifyError): ProblemError | null {
  if (error.validation !== undefined) {
    const where = error.validationContext ?? 'request';
    const errors = wrongParts(error.validation, where);
    return new ProblemError(400, 'invalid', errors.map(({ name, reason }) => `${name}: ${reason}`).join('; '), {
      errors,
    });
  }
  const { statusCode, code } = error;
  if (statusCode === undefined || statusCode < 400 || statusCode > 499) return null;
  const known = FASTIFY_CODES[code] ?? kebab(String(code ?? 'bad-request').replace(/^FST_(ERR_)?/, ''));
  return new ProblemError(statusCode, known, error.message);
}

function kebab(code: string): string {
  return code.toLowerCase().replaceAll('_', '-');
}

/** Answers with a problem. */
export function sendProblem(reply: FastifyReply, error: ProblemError): FastifyReply {
  return reply
    .code(error.problem.status)
    .headers(error.headers)
    .header('content-type', `${PROBLEM_TYPE}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(error.problem));
}

/** What an error is to the caller, after what is nobody's wrong usage was logged whole. */
export function explainError(error: unknown, request: FastifyRequest): ProblemError {
  const { url } = request.routeOptions;
  // Whoever leaves in the middle of a body hears nothing any more, and may not fill the log either.
  if (request.raw.readableAborted) {
    request.log.debug({ url }, 'a sender left in the middle of its call');
    return new ProblemError(400, 'aborted', 'the call was broken off');
  }
  const problem = toProblemError(error, request.id);
  if (error instanceof Fault && error.code === 'disk-low') {
    // Of the disk the log tells once, not with each call.
    request.log.debug({ url }, 'a call was turned away: the disk is nearly full');
  } else if (error instanceof ProblemError && problem.problem.type.endsWith(':not-ready')) {
    // What is not there is told where it went; probes ask every second or so.
    request.log.debug({ url, reason: error.message }, 'not ready');
  } else if (error instanceof Fault && error.code === 'overloaded') {
    request.log.warn({ url, reason: error.message }, 'a call was turned away');
  } else if (problem.problem.status >= 500) request.log.error({ err: error, url }, 'a route failed');
  return problem;
}

/** Fastify's error handler: everything becomes a problem. */
export function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, explainError(error, request));
}
