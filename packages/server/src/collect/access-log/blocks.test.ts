import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, type CutOptions, cutBlocks, LONGEST_CARRIED } from './blocks.ts';
import { eachLine } from './lines.ts';
import { openParser } from './parser.ts';

async function* chunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? bytes.length);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function cut(text: string | Buffer, options: CutOptions, sizes: readonly number[] = [1 << 20]): Promise<Block[]> {
  const blocks: Block[] = [];
  for await (const block of cutBlocks(chunks(Buffer.from(text as string), sizes), options)) blocks.push(block);
  return blocks;
}

const shape = (blocks: Block[]) =>
  blocks.map(({ bytes, start, end, last }) => [bytes.toString('latin1'), start, end, last]);

describe('cutBlocks', () => {
  it.each<[string, string, CutOptions, unknown[]]>([
    ['nothing', '', { size: 4 }, []],
    ['one line', 'ab\n', { size: 4 }, [['ab\n', 0, 3, true]]],
    [
      'a line that ends with its range',
      'abc\nde\n',
      { size: 4 },
      [
        ['abc\n', 0, 4, false],
        ['de\n', 4, 7, true],
      ],
    ],
    [
      'a line over the edge',
      'abcdef\ng\n',
      { size: 4 },
      [
        ['abcdef\n', 0, 7, false],
        ['g\n', 7, 9, true],
      ],
    ],
    [
      'a range in which no line starts',
      'abcdefghijk\nl\n',
      { size: 4 },
      [
        ['abcdefghijk\n', 0, 12, false],
        ['l\n', 12, 14, true],
      ],
    ],
    [
      'several lines a range',
      'a\nb\nc\nd\n',
      { size: 4 },
      [
        ['a\nb\n', 0, 4, false],
        ['c\nd\n', 4, 8, true],
      ],
    ],
    ['a last line without newline', 'a\nbc', { size: 100 }, [['a\nbc', 0, 4, true]]],
    ['it left for later', 'a\nbc', { size: 100, partial: 'leave' }, [['a\n', 0, 2, true]]],
    ['nothing but it', 'bc', { size: 100, partial: 'leave' }, []],
    ['it left in a block of its own', 'abc\nde', { size: 4, partial: 'leave' }, [['abc\n', 0, 4, true]]],
    [
      'a stream that begins later',
      'b\nc\nd\n',
      { size: 4, from: 2 },
      [
        ['b\n', 2, 4, false],
        ['c\nd\n', 4, 8, true],
      ],
    ],
  ])('%s', async (_what, text, options, expected) => expect(shape(await cut(text, options))).toEqual(expected));

  it('gives the same blocks whatever the chunks, and all of the input', async () => {
    const text = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'b', '\u00e9'), maxLength: 12 }))
      .map((lines) => lines.join('\n'));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    const partial = fc.constantFrom<'keep' | 'leave'>('keep', 'leave');
    await fc.assert(
      fc.asyncProperty(
        text,
        sizes,
        fc.integer({ min: 1, max: 20 }),
        fc.nat(50),
        partial,
        async (whole, steps, size, from, rest) => {
          const options: CutOptions = { size, from, partial: rest };
          const blocks = await cut(whole, options);
          expect(shape(await cut(whole, options, steps))).toEqual(shape(blocks));
          const input = Buffer.from(whole);
          const kept = rest === 'keep' ? input.length : input.lastIndexOf(10) + 1;
          expect(Buffer.concat(blocks.map((block) => block.bytes))).toEqual(input.subarray(0, kept));
          let at = from;
          for (const [i, { bytes, start, end, last }] of blocks.entries()) {
            expect([start, end, last]).toEqual([at, at + bytes.length, i === blocks.length - 1]);
            const range = Math.floor(start / size);
            // Every line of the block starts in one range, and the next block's lines in a later one.
            const lastStart = start + (bytes.subarray(0, -1).lastIndexOf(10) + 1);
            expect(Math.floor(lastStart / size)).toBe(range);
            if (!last) expect(Math.floor(end / size)).toBeGreaterThan(range);
            at = end;
          }
        },
      ),
    );
  });

  it('gives the same blocks when it goes on at the end of any of them', async () => {
    const text = Array.from({ length: 40 }, (_, i) => 'x'.repeat((i * 7) % 11)).join('\n');
    const blocks = await cut(text, { size: 16 });
    for (const [i, { end }] of blocks.entries()) {
      expect(shape(await cut(text.slice(end), { size: 16, from: end }))).toEqual(shape(blocks.slice(i + 1)));
    }
  });

  it.each([
    ['in one chunk', [1 << 26]],
    ['in pieces', [65_521]],
    ['with the newline apart', [LONGEST_CARRIED + 10, 1, 64]],
  ])('shortens an endless line %s, so that it is one refused line', async (_what, sizes) => {
    const long = 'x'.repeat(LONGEST_CARRIED + 9);
    const blocks = await cut(`first\n${long}\nsecond\n`, { size: 16 }, sizes);
    expect(blocks.map(({ start, end }) => [start, end])).toEqual([
      [0, 16 + LONGEST_CARRIED],
      [16 + LONGEST_CARRIED, 23 + LONGEST_CARRIED],
    ]);
    expect((blocks[0] as Block).bytes.length).toBeLessThan(300_000);
    const parser = openParser('combined');
    const reasons: unknown[] = [];
    for (const { bytes } of blocks) eachLine(bytes, (line) => reasons.push(parser.parse(line)));
    expect(reasons).toMatchObject([
      { refused: 'not-a-record' },
      { refused: 'line-too-long' },
      { refused: 'not-a-record' },
    ]);
  });

  it.each([[[1 << 26]], [[65_521]]])('keeps a line that is just short enough', async (sizes) => {
    const long = 'x'.repeat(LONGEST_CARRIED);
    const blocks = await cut(`${long}\nsecond\n`, { size: 16 }, sizes);
    expect(blocks.map(({ bytes }) => bytes.length)).toEqual([LONGEST_CARRIED + 1, 7]);
  });

  it('hands on what came before a fault, then throws it', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('abc\ndef\ngh');
      throw new Error('disk gone');
    }
    const blocks: Block[] = [];
    await expect(async () => {
      for await (const block of cutBlocks(broken(), { size: 4 })) blocks.push(block);
    }).rejects.toThrow('disk gone');
    expect(blocks.map(({ bytes }) => bytes.toString())).toEqual(['abc\n', 'def\n', 'gh']);
  });

  it.each([0, -1, 1.5, Number.NaN])('will not have a size of %s', async (size) => {
    await expect(cut('a\n', { size })).rejects.toThrow(RangeError);
  });
});
