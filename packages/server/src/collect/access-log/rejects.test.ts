import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { excerptOf, Rejects } from './rejects.ts';

const refusal = (refused: string) => ({ refused, detail: `about ${refused}` });

describe('Rejects', () => {
  it('counts by reason and keeps the first as examples', () => {
    const rejects = new Rejects({ examples: 2 });
    rejects.add('a.log', 3, refusal('bad-time'), 'x\u0000y');
    rejects.add('a.log', 7, refusal('truncated'), 'y');
    rejects.add('b.log', 1, refusal('bad-time'), 'z');
    expect(rejects.total).toBe(3);
    expect(Object.fromEntries(rejects.byReason)).toEqual({ 'bad-time': 2, truncated: 1 });
    expect(rejects.examples).toEqual([
      { file: 'a.log', line: 3, reason: 'bad-time', detail: 'about bad-time', excerpt: 'x\\x00y' },
      { file: 'a.log', line: 7, reason: 'truncated', detail: 'about truncated', excerpt: 'y' },
    ]);
  });

  it('writes every line in whole', () => {
    const stream = new PassThrough();
    const rejects = new Rejects({ examples: 0, stream });
    const raw = `"\u0000${'x'.repeat(300)}`;
    rejects.add('a.log', 1, refusal('bad-time'), raw);
    rejects.add('a.log', 2, refusal('bad-time'), 'y');
    const written = (stream.read() as Buffer)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written).toMatchObject([
      { line: 1, raw },
      { file: 'a.log', line: 2, reason: 'bad-time', raw: 'y' },
    ]);
    expect(rejects.examples).toEqual([]);
  });

  it('asks to wait for a slow file', async () => {
    const waiting: (() => void)[] = [];
    const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void waiting.push(done) });
    const rejects = new Rejects({ stream: slow });
    expect(rejects.add('a.log', 1, refusal('bad-time'), 'x')).toBe(false);
    let caughtUp = false;
    const drain = async () => {
      await rejects.drained();
      caughtUp = true;
    };
    const drained = drain();
    await Promise.resolve();
    expect(caughtUp).toBe(false);
    for (const done of waiting) done();
    await drained;
    expect(caughtUp).toBe(true);
    await new Rejects().drained();
  });

  it('tells of a file that cannot be written', async () => {
    const failing = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => setImmediate(done, new Error('disk full')),
    });
    const rejects = new Rejects({ stream: failing });
    rejects.add('a.log', 1, refusal('bad-time'), 'x');
    await expect(rejects.drained()).rejects.toThrow('disk full');
  });
});

describe('excerptOf', () => {
  it.each([
    ['short', 'short'],
    ['a\tb\u007f\u009b', 'a\\x09b\\x7F\\x9B'],
    ['x'.repeat(200), 'x'.repeat(200)],
    ['x'.repeat(201), `${'x'.repeat(199)}…`],
    ['\u0000'.repeat(100), `${'\\x00'.repeat(49)}\\x0…`],
  ])('%j', (raw, excerpt) => {
    expect(excerptOf(raw)).toBe(excerpt);
    expect(excerptOf(raw).length).toBeLessThanOrEqual(200);
  });
});
