import { describe, expect, it } from 'vitest';
import { isUnreachable, Problem, toProblem, wrongFilters } from './client.ts';
import { spanOf } from './queries.ts';
import { count, figure, trafficPath } from './traffic.ts';

describe('trafficPath', () => {
  it('asks by names, repeats where, and leaves out what is not given', () => {
    const path = trafficPath({
      tenant: 't',
      window: { from: 0, to: 60_000 },
      metrics: ['requests', 'bots'],
      by: 'country',
      chips: [
        { field: 'origin', operator: '!=', value: 'self' },
        { field: 'path', operator: '~', value: 'a&b' },
      ],
      limit: 9,
    });
    const url = new URL(path, 'http://localhost');
    expect(url.pathname).toBe('/api/v1/traffic');
    expect(url.searchParams.getAll('where')).toEqual(['origin!=self', 'path=*a&b*']);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tenant: 't',
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T00:01:00.000Z',
      metrics: 'requests,bots',
      by: 'country',
      limit: '9',
    });
    expect(trafficPath({ tenant: 't', window: { from: 0, to: 1 }, metrics: ['p50'], chips: [] })).not.toMatch(
      /by=|limit=|where=/,
    );
  });
});

describe('figures of a row', () => {
  it.each([
    [{ p50: 1.5 }, 1.5, 1.5],
    [{ p50: null }, null, 0],
    [{}, null, 0],
    [undefined, null, 0],
    [{ p50: '12' }, 12, 12],
  ])('%j', (row, known, counted) => {
    expect(figure(row, 'p50')).toBe(known);
    expect(count(row, 'p50')).toBe(counted);
  });
});

describe('spanOf', () => {
  it('is from the first to the last step with requests', () => {
    const rows = [
      { day: '2026-01-03T00:00:00Z', requests: 5 },
      { day: '2026-01-01T00:00:00Z', requests: 2 },
      { day: '2026-01-09T00:00:00Z', requests: 0 },
    ];
    expect(spanOf(rows, 'day')).toEqual({
      window: { from: Date.parse('2026-01-01'), to: Date.parse('2026-01-03') },
      requests: 7,
    });
    expect(spanOf([], 'day')).toBeNull();
  });
});

describe('toProblem', () => {
  it.each([
    ['{"title":"Bad filter","detail":"no field x","status":400}', 'Bad filter', 'no field x'],
    ['<html>', 'The hub answered with status 400.', ''],
    ['{"error":1}', 'The hub answered with status 400.', ''],
  ])('%s', (body, title, detail) => {
    expect(toProblem(400, body)).toMatchObject({ status: 400, message: title, detail });
  });
});

describe('what kind of trouble it is', () => {
  const refused = (errors: unknown) => toProblem(400, JSON.stringify({ title: 'Bad Request', errors }));
  const where = { name: 'where', reason: 'no field x', index: 1 };

  it('knows a filter that was refused, and which', () => {
    expect(wrongFilters(refused([where]))).toEqual([where]);
    expect(wrongFilters(refused([where, { name: 'from', reason: 'no time' }]))).toBeNull();
    expect(wrongFilters(refused([]))).toBeNull();
    expect(wrongFilters(refused('nonsense'))).toBeNull();
    expect(wrongFilters(toProblem(500, '{"title":"Oh","errors":[{"name":"where","reason":"x"}]}'))).toBeNull();
    expect(wrongFilters(new Error('x'))).toBeNull();
  });

  it.each([
    [0, true],
    [502, true],
    [504, true],
    [500, false],
    [503, false],
    [400, false],
  ])('%d: unreachable is %s', (status, unreachable) => {
    expect(isUnreachable(new Problem(status, 'x', ''))).toBe(unreachable);
  });
});
