import { expect, test } from 'vitest';
import { cutWhenIdle, type LineBlock } from './idle-blocks.ts';

async function* spoken(...parts: (string | number)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (typeof part === 'string') yield Buffer.from(part);
    else await new Promise((resolve) => setTimeout(resolve, part));
  }
}

async function blocks(stream: AsyncIterable<Uint8Array>, size = 1000, from = 0): Promise<string[]> {
  const found: LineBlock[] = [];
  for await (const block of cutWhenIdle(stream, { size, idleMs: 20, from })) found.push(block);
  for (const [index, { bytes, start, end }] of found.entries()) {
    expect(end - start).toBe(bytes.length);
    expect(start).toBe(index === 0 ? from : found[index - 1]?.end);
  }
  return found.map(({ bytes }) => bytes.toString());
}

test.each<[string, (string | number)[], string[]]>([
  ['nothing', [], []],
  ['lines that come together', ['a\n', 'b\n'], ['a\nb\n']],
  ['lines with a pause between', ['a\n', 80, 'b\n'], ['a\n', 'b\n']],
  ['a line that comes in pieces with a pause', ['a\nb', 80, 'b\n'], ['a\n', 'bb\n']],
  ['an unfinished line at the end', ['a\nb'], ['a\n']],
  ['only an unfinished line', ['a', 60, 'b'], []],
])('%s', async (_name, parts, expected) => {
  expect(await blocks(spoken(...parts), 1000, 7)).toEqual(expected);
});

test('does not wait when enough is there', async () => {
  expect(await blocks(spoken('aaaa\n', 'bbbb\n', 'cc'), 5)).toEqual(['aaaa\n', 'bbbb\n']);
});
