import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, FrameReader, LONGEST_MESSAGE } from './frames.ts';

function readAll(chunks: readonly Buffer[]): Frame[] {
  const reader = new FrameReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
}
const texts = (frames: readonly Frame[]) =>
  frames.map((frame) => ('message' in frame ? frame.message.toString() : frame.bad));

const body = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `<134>${text.replace(/[\n\r\0]/g, '')}`);
const framed = fc.array(fc.tuple(body, fc.constantFrom('counted', '\n', '\r\n', '\0')), { maxLength: 12 });
/** Where a stream is cut into chunks. */
const cuts = fc.array(fc.nat(2000), { maxLength: 30 });

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
}

describe('a TCP stream', () => {
  test('gives the same messages however it is framed and wherever it is cut', () => {
    fc.assert(
      fc.property(framed, cuts, (messages, at) => {
        const stream = messages.map(([text, end]) =>
          end === 'counted' ? `${Buffer.byteLength(text)} ${text}` : text + end,
        );
        expect(texts(readAll(cut(Buffer.from(stream.join('')), at)))).toEqual(messages.map(([text]) => text));
      }),
      { numRuns: 500 },
    );
  });

  test('holds a last message without an end, but none that is counted and not whole', () => {
    expect(texts(readAll([Buffer.from('<1>a\n<1>b')]))).toEqual(['<1>a', '<1>b']);
    expect(texts(readAll([Buffer.from('<1>a\n9 <1>b')]))).toEqual(['<1>a']);
  });

  test('goes on behind a message that is too long, and keeps little of it', () => {
    const long = Buffer.alloc(1000, 'x');
    const reader = new FrameReader();
    const frames = [
      ...reader.push(Buffer.from('<1>')),
      ...Array.from({ length: 500 }).flatMap(() => reader.push(long)),
    ];
    expect(texts(frames)).toEqual(['message-too-long']);
    expect(texts(reader.push(Buffer.from('\n<1>next\n')))).toEqual(['<1>next']);
  });

  test.each([
    ['a count beyond the bound', `${LONGEST_MESSAGE + 1} <1>a`],
    ['a count without an end', '12345678'],
    ['a count that is none', '12x <1>'],
    ['TLS', '\x16\x03\x01\x02'],
  ])('that begins with %s is lost, and nothing behind it is read', (_, text) => {
    expect(texts(readAll([Buffer.from(text), Buffer.from('\n<1>a\n')]))).toEqual(['bad-frame']);
  });

  test('of any bytes makes it neither throw nor hold more than a message', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
        for (const frame of readAll(chunks.map((chunk) => Buffer.from(chunk)))) {
          if ('message' in frame) expect(frame.message.length).toBeLessThanOrEqual(LONGEST_MESSAGE);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
