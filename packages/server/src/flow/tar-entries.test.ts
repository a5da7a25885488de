import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTar, tarEntries } from './tar-entries.ts';
import { tarOf } from './tar-writer.fixture.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = 1000, leave = false): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { name, content } of tarEntries(inPieces(bytes, size))) {
    const parts: Buffer[] = [];
    if (!leave) for await (const piece of content()) parts.push(piece);
    found.push([name, Buffer.concat(parts).toString()]);
  }
  return found;
}

const FILES: [string, string][] = [
  ['a.txt', 'hello'],
  ['dir/empty', ''],
  [`${'long/'.repeat(40)}name.log`, 'x'.repeat(1500)],
  ['exact', 'y'.repeat(512)],
];

test.each([1, 7, 512, 100_000])('reads files with long names in pieces of %i bytes', async (size) => {
  expect(await read(tarOf(FILES), size)).toEqual(FILES);
});

test('what is left unread is passed over', async () => {
  expect((await read(tarOf(FILES), 300, true)).map(([name]) => name)).toEqual(FILES.map(([name]) => name));
});

test('ends where it is cut off or damaged', async () => {
  const whole = tarOf(FILES);
  expect(await read(whole.subarray(0, 1024 + 512))).toEqual(FILES.slice(0, 2));
  const damaged = Buffer.from(whole);
  damaged[1024] = 1;
  expect(await read(damaged)).toEqual(FILES.slice(0, 1));
  expect(isTar(whole.subarray(0, 512))).toBe(true);
  expect(isTar(damaged.subarray(1024, 1536))).toBe(false);
});

test('whatever the bytes, reading ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(3000), fc.nat(255), fc.integer({ min: 1, max: 600 }), async (at, byte, size) => {
      const bytes = tarOf(FILES);
      bytes[at % bytes.length] = byte;
      for (const [, text] of await read(bytes, size)) expect(text.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
