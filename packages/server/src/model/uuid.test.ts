import { expect, test } from 'vitest';
import { createIdSequence, isUuid, timeOfUuid, uuidAfter, uuidv7 } from './uuid.ts';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('carries its time in the first 48 bits, with version 7 and variant 10', () => {
  for (let index = 0; index < 500; index += 1) expect(uuidv7()).toMatch(V7);
  // The example of RFC 9562, appendix A.6.
  expect(uuidv7(0x017f22e279b0).slice(0, 13)).toBe('017f22e2-79b0');
  expect(new Set(Array.from({ length: 1000 }, () => uuidv7(1))).size).toBe(1000);
});

test('a sequence ascends, never repeats, and keeps the layout', () => {
  const { next } = createIdSequence();
  const ids = Array.from({ length: 5000 }, (_, index) => next(1_700_000_000_000 + Math.floor(index / 100)));
  for (const id of ids) expect(id).toMatch(V7);
  expect(new Set(ids).size).toBe(ids.length);
  for (let from = 0; from < ids.length; from += 100) {
    const sameMillisecond = ids.slice(from, from + 100);
    expect([...sameMillisecond].sort()).toEqual(sameMillisecond);
  }
});

test('two sequences in the same millisecond do not meet', () => {
  const [one, two] = [createIdSequence(), createIdSequence()];
  const ids = Array.from({ length: 1000 }, () => [one.next(5), two.next(5)]).flat();
  expect(new Set(ids).size).toBe(2000);
});

test('reserved ids count up by one from the first, and nobody else gets them', () => {
  const sequence = createIdSequence();
  const before = sequence.next(7);
  const first = sequence.reserve(7, 1000);
  const after = sequence.next(7);
  const last = (id: string) => Number.parseInt(id.slice(26), 16);
  expect(first).toMatch(V7);
  expect([before, after].map((id) => id.slice(0, 26))).toEqual([first.slice(0, 26), first.slice(0, 26)]);
  expect([last(first) - last(before), last(after) - last(first)]).toEqual([1, 1000]);
  // Two halves do not fit behind what is taken: the second begins anew.
  const [half, other] = [sequence.reserve(7, 2 ** 39), sequence.reserve(7, 2 ** 39)];
  expect(other.slice(0, 26)).not.toBe(half.slice(0, 26));
  expect(last(other) + 2 ** 39).toBeLessThanOrEqual(2 ** 40);
});

test.each([
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', true],
  ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', true],
  ['017f22e279b07cc398c4dc0c0c07398f', false],
  ['', false],
])('isUuid(%s) is %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});

test('the id after another has its time, and the last 48 bits count up, round and round', () => {
  const id = uuidv7(0x017f22e279b0);
  const next = uuidAfter(id, 0x017f22e279b1);
  expect(next).toMatch(V7);
  expect(next.slice(0, 23)).toBe(`017f22e2-79b1${id.slice(13, 23)}`);
  expect(BigInt(`0x${next.slice(24)}`)).toBe((BigInt(`0x${id.slice(24)}`) + 1n) % 2n ** 48n);
  expect(uuidAfter('017f22e2-79b0-7cc3-98c4-ffffffffffff', 5)).toBe('00000000-0005-7cc3-98c4-000000000000');
});

test.each([
  [uuidv7(0x017f22e279b0), 0x017f22e279b0],
  ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', 0x017f22e279b0],
  ['017f22e2-79b0-4cc3-98c4-dc0c0c07398f', null],
  ['017f22e2-79b0-7cc3', null],
])('the time of %s is %s', (id, expected) => {
  expect(timeOfUuid(id)).toBe(expected);
});
