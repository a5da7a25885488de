import { expect, test } from 'vitest';
import { describeError } from './hub-log.ts';

test('an error is told with its code and causes, and nothing that hangs on it', () => {
  const cause = Object.assign(new TypeError('reset'), { code: 'ECONNRESET' });
  const error = Object.assign(new Error('it broke', { cause }), { client: { secretKey: 42 }, code: '57P01' });
  const told = describeError(error);
  expect(told).toMatchObject({
    type: 'Error',
    message: 'it broke',
    code: '57P01',
    cause: { type: 'TypeError', message: 'reset', code: 'ECONNRESET' },
  });
  expect(told.stack).toContain('hub-log.test.ts');
  expect(JSON.stringify(told)).not.toContain('secretKey');
});

test.each([
  ['a text', { type: 'string', message: 'a text' }],
  [undefined, { type: 'undefined', message: 'undefined' }],
])('what is no error is told as what it is: %s', (value, told) => {
  expect(describeError(value)).toEqual(told);
});

test('causes that go in a circle come to an end', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/"round"/g)).toHaveLength(6);
});
