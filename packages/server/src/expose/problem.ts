import { STATUS_CODES } from 'node:http';
import { PROBLEM_TYPE, type Problem } from '@vedette/contract';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Fault, UsageFault } from '../model/fault.ts';
import type { Refusal } from '../model/request.ts';

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

/** Faults that say something to the caller, by what they mean over HTTP. Of all others only the log tells. */
const STATUS_OF_FAULT: Record<string, number> = {
  overloaded: 503,
  stopping: 503,
  'no-day-key': 503,
  'store-unreachable': 503,
  'import-interrupted': 503,
  'import-running': 409,
  'rotation-running': 409,
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
/** What says that there is no room on a disk: the system, PostgreSQL (53100), ClickHouse (NOT_ENOUGH_SPACE). */
const FULL = new Set(['ENOSPC', 'EDQUOT', '53100', '243', 'disk-full']);
/** Seconds after which it is worth trying again while the hub or its store is overloaded. */
const RETRY_AFTER = '2';

/** What an error that was thrown anywhere is to the caller. Only what is the caller's own doing is told in detail. */
export function toProblemError(error: unknown, requestId: string): ProblemError {
  if (error instanceof ProblemError) return error;
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

function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (FULL.has(String(code)) || /no space left on device|not enough space/i.test(message)) return true;
  }
  return false;
}

function ofFault(code: string, status: number, detail: string): ProblemError {
  return new ProblemError(status, code, detail, status === 503 ? { headers: { 'retry-after': RETRY_AFTER } } : {});
}

function fromFastify(error: FastifyError): ProblemError | null {
  if (error.validation !== undefined) {
    const where = error.validationContext ?? 'request';
    const errors = error.validation.map(({ instancePath, params, message, keyword }) => {
      const unknown = keyword === 'additionalProperties' ? String(params.additionalProperty) : '';
      const missing = keyword === 'required' ? String(params.missingProperty) : '';
      return {
        name: instancePath.slice(1).replaceAll('/', '.') || unknown || missing || where,
        reason: unknown === '' ? (message ?? 'is wrong') : 'is not known here',
      };
    });
    return new ProblemError(400, 'invalid', errors.map(({ name, reason }) => `${name}: ${reason}`).join('; '), {
      errors,
    });
  }
  const { statusCode, code } = error;
  if (statusCode === undefined || statusCode < 400 || statusCode > 499) return null;
  return new ProblemError(statusCode, kebab(String(code ?? 'bad-request').replace(/^FST_(ERR_)?/, '')), error.message);
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
  if (error instanceof Fault && error.code === 'overloaded') {
    request.log.warn({ url, reason: error.message }, 'a call was turned away');
  } else if (problem.problem.status >= 500) request.log.error({ err: error, url }, 'a route failed');
  return problem;
}

/** Fastify's error handler: everything becomes a problem. */
export function onError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, explainError(error, request));
}
