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
