import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_KINDS } from '../../../model/batch-kind.ts';
import type { KeptAnswer } from '../../../model/ways-in.ts';
import type { StreamBatch } from '../../stream.ts';
import { deadLetter, decodeMessage, encodeMessage, headersOf } from './kafka-message.ts';

const compress = promisify(zstdCompress);
const VERSION = new Map([['vedette-version', '1']]);

const receipt = fc.record({
  tenantId: fc.uuid(),
  key: fc.string({ minLength: 1, maxLength: 40 }),
  receipt: fc.record({
    accepted: fc.nat(),
    refused: fc.constant<KeptAnswer['refused']>([]),
  }),
  start: fc.nat(5000),
  rows: fc.nat(5000),
});
const batch: fc.Arbitrary<StreamBatch> = fc.record({
  kind: fc.constantFrom(...BATCH_KINDS),
  token: fc.uuid(),
  count: fc.nat(5000),
  bytes: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  receipts: fc.array(receipt, { maxLength: 4 }),
});

test('what is written is read', async () => {
  await fc.assert(
    fc.asyncProperty(batch, async (written) => {
      const message = await encodeMessage(written);
      const read = await decodeMessage(message.value, headersOf(message.headers));
      expect(read).toEqual(written);
      expect(String(message.key)).toBe(written.token);
    }),
    { numRuns: 50 },
  );
});

test('anything else is told apart, with a reason', async () => {
  const packed = async (meta: string, rows = '') => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(Buffer.byteLength(meta));
    return compress(Buffer.concat([head, Buffer.from(meta + rows)]));
  };
  const bad: [Buffer | null, ReadonlyMap<string, string>, RegExp][] = [
    [Buffer.from('x'), new Map(), /version/],
    [Buffer.from('x'), new Map([['vedette-version', '3']]), /version is "3"/],
    [await packed('{"kind":"songs","token":"a","count":1,"receipts":[]}'), VERSION, /kind "songs"/],
    [null, VERSION, /empty/],
    [Buffer.from('not zstd'), VERSION, /unpacked/],
    [await compress(Buffer.from('ab')), VERSION, /cut off/],
    [await compress(Buffer.from([0xff, 0xff, 0xff, 0xff, 1])), VERSION, /cut off/],
    [await packed('{'), VERSION, /meta/],
    [await packed('null'), VERSION, /token/],
    [await packed('{"token":""}'), VERSION, /token/],
    [await packed(`{"token":"${'a'.repeat(300)}"}`), VERSION, /token/],
    [await packed('{"token":"a","count":-1}'), VERSION, /count/],
    [await packed('{"token":"a","count":1.5}'), VERSION, /count/],
    [await packed('{"token":"a","count":1,"receipts":{}}'), VERSION, /receipts/],
    [await packed('{"token":"a","count":1,"receipts":[{"key":1}]}'), VERSION, /receipts/],
  ];
  for (const [value, headers, reason] of bad) {
    const read = await decodeMessage(value, headers);
    expect(read).toBeInstanceOf(Error);
    expect((read as Error).message).toMatch(reason);
  }
});

test('no bytes whatever make it throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (bytes, pack) => {
      const value = pack ? await compress(Buffer.from(bytes)) : Buffer.from(bytes);
      expect(await decodeMessage(value, VERSION)).toBeDefined();
    }),
    { numRuns: 300 },
  );
});

test('a dead letter keeps key, value and headers, and says why and from where', () => {
  const message = { key: null, value: Buffer.from('v'), headers: new Map([[Buffer.from('a'), Buffer.from('1')]]) };
  const letter = deadLetter(message, `${'x'.repeat(5000)}`, 'topic/1/2');
  expect(letter.value.toString()).toBe('v');
  const headers = headersOf(letter.headers);
  expect(headers.get('a')).toBe('1');
  expect(headers.get('from')).toBe('topic/1/2');
  expect(headers.get('reason')).toHaveLength(4000);
});
