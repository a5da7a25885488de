import { expect, test } from 'vitest';
import { ProblemError } from './problem.ts';
import { readTrafficQuestion } from './traffic-question.ts';

test('names each filter that is wrong by its place among them', () => {
  const where = ['origin!=self', 'land:DE', 'path=/', 'status=many'];
  let refused: unknown;
  try {
    readTrafficQuestion({ where }, Date.parse('2026-03-04T10:17:31Z'));
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(ProblemError);
  const { status, errors } = (refused as ProblemError).problem;
  expect(status).toBe(400);
  expect(errors?.map(({ name, index }) => [name, index])).toEqual([
    ['where', 1],
    ['where', 3],
  ]);
  expect(errors?.[0]?.reason).toContain('unknown field "land"');
});

test('reads the window to compare with', () => {
  const now = Date.parse('2026-03-04T10:00:00Z');
  const asked = (compare: string) => readTrafficQuestion({ from: '-24h', to: 'now', compare }, now).compare;
  const hour = 3_600_000;
  expect(asked('previous')).toEqual({ from: now - 48 * hour, to: now - 24 * hour });
  expect(asked('-8d..-7d')).toEqual({ from: now - 192 * hour, to: now - 168 * hour });
  expect(asked('2026-02-01..2026-02-03T12:00:00Z')).toEqual({
    from: Date.parse('2026-02-01T00:00:00Z'),
    to: Date.parse('2026-02-03T12:00:00Z'),
  });
  expect(readTrafficQuestion({}, now)).toMatchObject({ compare: null, sampling: 'auto' });
});

test.each([
  ['before', 'write previous, or FROM..TO'],
  ['-2d', 'write previous, or FROM..TO'],
  ['-3d..-2d..-1d', 'write previous, or FROM..TO'],
  ['lately..now', 'from is "lately"'],
  ['now..-1d', 'before its second'],
])('refuses to compare with %s', (compare, reason) => {
  expect(() => readTrafficQuestion({ compare }, Date.parse('2026-03-04T10:00:00Z'))).toThrow(reason);
});
