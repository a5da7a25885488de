import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createByteReader } from './byte-reader.ts';

async function* inChunks(text: string, sizes: number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] as number);
    yield bytes.subarray(at, at + size);
    at += size;
    if (size === 0) sizes = sizes.map((each) => each + 1);
  }
}

async function all(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('whatever the chunks, peek, skip, take and rest give the stream in order', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, sizes, fc.nat(70), fc.nat(70), async (whole, chunking, skip, take) => {
      const reader = createByteReader(inChunks(whole, chunking));
      expect((await reader.peek(skip)).toString()).toBe(whole.slice(0, skip));
      const passed = await reader.skip(skip, 5);
      const head = whole.slice(0, skip);
      expect(passed).toMatchObject({ skipped: head.length, newlines: head.split('\n').length - 1 });
      expect(passed.tail.toString()).toBe(head.slice(-5));
      expect((await reader.take(take)).toString()).toBe(whole.slice(skip, skip + take));
      expect(await all(reader.rest())).toBe(whole.slice(skip + take));
    }),
  );
});

test('an empty stream gives nothing', async () => {
  const reader = createByteReader(inChunks('', []));
  expect((await reader.peek(10)).length).toBe(0);
  expect((await reader.skip(3, 2)).skipped).toBe(0);
  expect(await all(reader.rest())).toBe('');
});

test('a peek with patience gives what is there when the stream pauses, and loses nothing', async () => {
  let go = () => undefined as void;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('ab');
    await gate;
    yield Buffer.from('cd');
  }
  const reader = createByteReader(slow());
  expect((await reader.peek(10, 20)).toString()).toBe('ab');
  expect((await reader.peek(10, 20)).toString()).toBe('ab');
  go();
  expect((await reader.peek(10)).toString()).toBe('abcd');
  expect(await all(reader.rest())).toBe('abcd');
});
