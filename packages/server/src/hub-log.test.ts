import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
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

/** Logs more than is kept while standard output has no room, and one line more when it has. */
const PROGRAM = `
  import { closeSync, openSync } from 'node:fs';
  import { openLog } from ${JSON.stringify(join(import.meta.dirname, 'hub-log.ts'))};
  const output = (path) => {
    closeSync(1);
    if (openSync(path, 'w') !== 1) throw new Error('standard output is elsewhere');
  };
  output('/dev/full');
  const log = openLog({ logFormat: process.argv[1], logLevel: 'info' }, false);
  for (let line = 1; line <= 300; line += 1) log.info({ line, text: 'x'.repeat(10_000) }, 'no room');
  await new Promise((resolve) => setTimeout(resolve, 20));
  output(process.argv[2]);
  log.info('room again');
  await new Promise((resolve) => setTimeout(resolve, 20));
  log.info('goes on');
`;

test.skipIf(process.platform !== 'linux').each(['json', 'pretty'])(
  'a log that cannot be written ends nothing, keeps some lines and tells how many are missing: %s',
  async (format) => {
    const dir = await mkdtemp(join(tmpdir(), 'vedette-hub-log-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const file = join(dir, 'log');
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM, format, file], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const text = await readFile(file, 'utf8');
    const kept = text.match(/no room/g)?.length ?? 0;
    const missing = Number(/lines"?: ?(\d+)/.exec(text)?.[1]);
    expect(kept).toBeGreaterThan(50);
    expect(kept + missing).toBe(300);
    expect(text).toMatch(/room again[^]*lines of this log are missing here[^]*goes on/);
  },
);
