import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { type BatchKind, batchKindOf } from '../../../model/batch-kind.ts';
import type { KeptReceipt, StreamBatch } from '../../stream.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

// Of requests, and of all else: a hub that knows requests only must not take other rows for them.
const REQUESTS_VERSION = '1';
const VERSIONS = new Set([REQUESTS_VERSION, '2']);
const HEAD_BYTES = 4;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** A message that says it is larger unpacked than this was not made by a hub. */
const MOST_BYTES = 512 * 1024 * 1024;
const LONGEST_TOKEN = 255;

/** A message as the client takes it. */
export interface WireMessage {
  key: Buffer;
  value: Buffer;
  headers: Map<Buffer, Buffer>;
}

interface Meta {
  kind: BatchKind;
  token: string;
  count: number;
  receipts: readonly KeptReceipt[];
}

/**
 * A batch as one message. Key: the token. Value, in zstd: the length of the meta (four bytes), the meta as JSON
 * (kind, token, count, receipts), the rows. Headers repeat kind, token and count for whoever looks at the topic.
 */
export async function encodeMessage({ kind, token, count, receipts, bytes }: StreamBatch): Promise<WireMessage> {
  const meta = Buffer.from(JSON.stringify({ kind, token, count, receipts } satisfies Meta));
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32BE(meta.length);
  const value = await compress(Buffer.concat([head, meta, bytes]), FAST);
  return {
    key: Buffer.from(token),
    value,
    headers: new Map(
      Object.entries({
        'vedette-version': kind === 'requests' ? REQUESTS_VERSION : '2',
        kind,
        token,
        count: String(count),
      }).map(([name, text]) => [Buffer.from(name), Buffer.from(text)]),
    ),
  };
}

/** The batch of a message; an Error with the reason when it is not one that a hub of this version made. */
export async function decodeMessage(
  value: Buffer | null | undefined,
  headers: ReadonlyMap<string, string>,
): Promise<StreamBatch | Error> {
  const version = headers.get('vedette-version');
  if (version === undefined || !VERSIONS.has(version))
    return new Error(`the message's version is ${JSON.stringify(version ?? null)}`);
  if (value === null || value === undefined) return new Error('the message is empty');
  let plain: Buffer;
  try {
    plain = await decompress(value, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    return new Error(`the message cannot be unpacked: ${(error as Error).message}`);
  }
  if (plain.length < HEAD_BYTES) return new Error('the message is cut off');
  const end = HEAD_BYTES + plain.readUInt32BE(0);
  if (end > plain.length) return new Error('the message is cut off');
  const meta = readMeta(plain.subarray(HEAD_BYTES, end));
  return meta instanceof Error ? meta : { ...meta, bytes: plain.subarray(end) };
}

function readMeta(json: Buffer): Meta | Error {
  let meta: Partial<Meta> | null;
  try {
    meta = JSON.parse(json.toString('utf8')) as Partial<Meta> | null;
  } catch {
    return new Error('the message has no meta');
  }
  const { token, count, receipts } = meta ?? {};
  const kind = batchKindOf(meta?.kind);
  if (typeof token !== 'string' || token === '' || token.length > LONGEST_TOKEN) return new Error('there is no token');
  if (!Number.isSafeInteger(count) || (count as number) < 0) return new Error('there is no count of rows');
  if (!Array.isArray(receipts) || !receipts.every(isReceipt)) return new Error('the receipts cannot be read');
  if (kind === null) return new Error(`rows of the kind ${JSON.stringify(meta?.kind).slice(0, 60)} are not known here`);
  return { kind, token, count: count as number, receipts };
}

function isReceipt(value: unknown): value is KeptReceipt {
  if (value === null || typeof value !== 'object') return false;
  const { tenantId, key, receipt, start, rows } = value as Record<string, unknown>;
  const whole = (number: unknown) => Number.isSafeInteger(number) && (number as number) >= 0;
  return (
    typeof tenantId === 'string' &&
    typeof key === 'string' &&
    typeof receipt === 'object' &&
    receipt !== null &&
    whole(start) &&
    whole(rows)
  );
}

/** Headers as text. */
export function headersOf(headers: ReadonlyMap<Buffer, Buffer>): Map<string, string> {
  return new Map([...headers].map(([name, value]) => [String(name), String(value)]));
}

/** The message again, with why it is dead and where it was. */
export function deadLetter(
  message: { key: Buffer | null; value: Buffer | null; headers: ReadonlyMap<Buffer, Buffer> },
  reason: string,
  place: string,
): WireMessage {
  const added = { reason: reason.slice(0, 4000), from: place, at: new Date().toISOString() };
  return {
    key: message.key ?? Buffer.alloc(0),
    value: message.value ?? Buffer.alloc(0),
    headers: new Map([
      ...message.headers,
      ...Object.entries(added).map(([name, text]): [Buffer, Buffer] => [Buffer.from(name), Buffer.from(text)]),
    ]),
  };
}
