import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { Fault, UsageFault } from '../model/fault.ts';
import { explainError, ProblemError, toProblemError } from './problem.ts';

test.each([
  [new UsageFault('no such format'), 400, 'usage', 'no such format'],
  [new Fault('overloaded', 'full'), 503, 'overloaded', 'full'],
  [new Fault('stopping', 'the hub is stopping'), 503, 'stopping', 'the hub is stopping'],
  [new Fault('disk-full', 'the disk that holds /a/path is full'), 503, 'disk-full', 'nearly full'],
  [new Fault('no-day-key', 'no key for day 1 yet'), 503, 'no-day-key', 'no key for day 1'],
  [new Fault('import-running', 'twice'), 409, 'import-running', 'twice'],
  [new Fault('something-inside', 'with /a/path'), 500, 'internal', 'log'],
  [new Error('with a secret'), 500, 'internal', 'log'],
  [Object.assign(new Error('connect 10.0.0.1'), { code: 'ECONNREFUSED' }), 503, 'store-unreachable', 'engine'],
  [Object.assign(new Error('terminating'), { code: '57P01' }), 503, 'store-unreachable', 'engine'],
  [
    Object.assign(new Error('too large'), { statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE' }),
    413,
    'too-large',
    'too large',
  ],
  [new ProblemError(404, 'not-found', 'nothing'), 404, 'not-found', 'nothing'],
  [Object.assign(new Error('could not extend file'), { code: '53100' }), 503, 'disk-full', 'disk'],
  [
    new Error('insert', { cause: Object.assign(new Error('Cannot reserve'), { code: '243' }) }),
    503,
    'disk-full',
    'disk',
  ],
  [null, 500, 'internal', 'log'],
])('%s is %i', (error, status, code, detail) => {
  const { problem, headers } = toProblemError(error, 'req-1');
  expect(problem).toMatchObject({
    status,
    type: `urn:vedette:problem:${code}`,
    detail: expect.stringContaining(detail),
  });
  expect('retry-after' in headers).toBe(status === 503);
  expect(JSON.stringify(problem)).not.toMatch(/secret|\/a\/path|10\.0\.0\.1/);
});

test.each([
  [new Error('a surprise'), ['error']],
  [new Fault('overloaded', 'full'), ['warn']],
  // What is asked every second, or turned away by the thousand while a disk is full, must not fill it with log lines.
  [new ProblemError(503, 'not-ready', 'disk: nearly full'), ['debug']],
  [new Fault('disk-low', 'nearly full'), ['debug']],
  [new ProblemError(404, 'not-found', 'nothing'), []],
])('%s is logged as %s', (error, levels) => {
  const logged: string[] = [];
  const log = Object.fromEntries(['error', 'warn', 'debug'].map((level) => [level, () => void logged.push(level)]));
  explainError(error, { id: 'req-1', raw: {}, routeOptions: { url: '/x' }, log } as unknown as FastifyRequest);
  expect(logged).toEqual(levels);
});
