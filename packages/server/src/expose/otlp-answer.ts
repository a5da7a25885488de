import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OtlpEncoding } from '../model/ways-in.ts';
import { explainError, ProblemError } from './problem.ts';

export const OTLP_JSON = 'application/json';
export const OTLP_PROTOBUF = 'application/x-protobuf';

/** Codes of google.rpc.Status by HTTP status; what is not here is INTERNAL. */
const RPC_CODES: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 413: 3, 415: 3, 429: 8, 503: 14 };
const RPC_INTERNAL = 13;

/** How a call is encoded and is to be answered. Throws ProblemError 415 for any other type. */
export function encodingOf(type: string | undefined): OtlpEncoding {
  const name = (type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (name === OTLP_JSON) return 'json';
  if (name === OTLP_PROTOBUF || name === 'application/protobuf') return 'protobuf';
  throw new ProblemError(
    415,
    'unsupported-media-type',
    `Content-Type is ${name === '' ? 'missing' : `"${name.slice(0, 80)}"`}; send ${OTLP_PROTOBUF} or ${OTLP_JSON}`,
  );
}

/** Export…ServiceResponse: how many records were not taken, by the name that its kind has, and the reason of the first. */
export function sendExported(
  reply: FastifyReply,
  encoding: OtlpEncoding,
  kind: 'rejectedSpans' | 'rejectedLogRecords',
  refused: readonly { refusal: { detail: string } }[],
): FastifyReply {
  const count = refused.length;
  const first = refused[0]?.refusal.detail ?? '';
  const message = count > 1 ? `${first} (and ${count - 1} more)` : first;
  if (encoding === 'json') {
    // 64-bit integers are text in proto3's JSON.
    const body = count === 0 ? {} : { partialSuccess: { [kind]: String(count), errorMessage: message } };
    return reply.type(OTLP_JSON).send(JSON.stringify(body));
  }
  const partial = Buffer.concat([varintField(1, count), textField(2, message)]);
  return reply.type(OTLP_PROTOBUF).send(count === 0 ? Buffer.alloc(0) : bytesField(1, partial));
}

/** The error handler of OTLP's routes: a google.rpc.Status in the encoding of the call. */
export function onOtlpError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { problem, headers } = explainError(error, request);
  const { status, detail = problem.title } = problem;
  const code = RPC_CODES[status] ?? RPC_INTERNAL;
  const json = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
  reply
    .code(status)
    .headers(headers)
    .type(json ? OTLP_JSON : OTLP_PROTOBUF)
    .send(
      json ? JSON.stringify({ code, message: detail }) : Buffer.concat([varintField(1, code), textField(2, detail)]),
    );
}

const VARINT = 0;
const BYTES = 2;

function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.from([field * 8 + VARINT, ...varint(value)]);
}

function textField(field: number, value: string): Buffer {
  return value === '' ? Buffer.alloc(0) : bytesField(field, Buffer.from(value));
}

function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + BYTES, ...varint(value.length)]), value]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return bytes;
}
