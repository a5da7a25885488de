import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_LINE } from './format.ts';
import { eachLine, LONGEST_KEPT } from './lines.ts';

function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  eachLine(bytes, (line) => lines.push(line));
  return lines;
}

describe('eachLine', () => {
  it.each<[string, Buffer, string[]]>([
    ['nothing', Buffer.alloc(0), []],
    ['whole lines', Buffer.from('a\nb\n'), ['a', 'b']],
    ['a last line without newline', Buffer.from('a\nb'), ['a', 'b']],
    ['CRLF', Buffer.from('a\r\nb\r\n'), ['a', 'b']],
    ['a carriage return inside', Buffer.from('a\rb\n'), ['a\rb']],
    ['blank lines', Buffer.from('\n\r\na\n'), ['', '', 'a']],
    ['NUL bytes', Buffer.from('a\0b\n'), ['a\0b']],
    ['UTF-8', Buffer.from('caf\u00e9 \u4f60\r\nb\n'), ['caf\u00e9 \u4f60', 'b']],
    ['a byte order mark', Buffer.from('\ufeffa\nb\n'), ['a', 'b']],
    [
      'Latin-1 beside UTF-8',
      Buffer.concat([Buffer.from('caf\u00e9\n'), Buffer.from('caf\u00e9\r\nb', 'latin1')]),
      ['caf\u00e9', 'caf\u00e9', 'b'],
    ],
    ['any bytes', Buffer.from([0xff, 0xfe, 10, 0x80]), ['\u00ff\u00fe', '\u0080']],
  ])('%s', (_what, bytes, lines) => expect(linesOf(bytes)).toEqual(lines));

  it.each([
    ['ASCII', Buffer.from('a'.repeat(LONGEST_KEPT + 1))],
    ['UTF-8', Buffer.from('\u4f60'.repeat(LONGEST_KEPT + 1))],
    ['Latin-1', Buffer.alloc(LONGEST_KEPT + 1, 0xe9)],
    ['UTF-8 beside Latin-1', Buffer.concat([Buffer.from('\u4f60'.repeat(LONGEST_KEPT + 1)), Buffer.from([10, 0xe9])])],
  ])('hands on the beginning of a long line of %s', (_what, bytes) => {
    const [line] = linesOf(Buffer.concat([bytes, Buffer.from('\nnext\n')]));
    expect(line).toHaveLength(LONGEST_LINE + 1);
    expect(linesOf(Buffer.concat([bytes, Buffer.from('\nnext\n')])).at(-1)).toBe('next');
  });

  it('gives every line back', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/[\r\n\ufeff]/.test(text));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(linesOf(Buffer.from(lines.map((text) => `${text}\n`).join('')))).toEqual(lines);
      }),
    );
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const newlines = bytes.filter((byte) => byte === 10).length;
        const open = bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0;
        const mark = bytes.length === 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
        expect(linesOf(Buffer.from(bytes))).toHaveLength(mark ? 0 : newlines + open);
      }),
    );
  });
});
