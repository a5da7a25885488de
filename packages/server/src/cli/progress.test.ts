import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openProgress, progressText } from './progress.ts';

function terminal(isTTY: boolean, columns = 100) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns });
  let text = '';
  stream.on('data', (chunk) => {
    text += String(chunk);
  });
  return { stream, written: () => text };
}

describe('progress', () => {
  it('is shown on a terminal only', () => {
    for (const [isTTY, enabled] of [
      [false, true],
      [true, false],
    ] as const) {
      const { stream, written } = terminal(isTTY);
      const progress = openProgress(stream, { total: 100, enabled });
      progress.update({ bytes: 50, lines: 5 });
      progress.done();
      expect(written()).toBe('');
    }
  });

  it('is redrawn ten times a second and taken away at the end', () => {
    const { stream, written } = terminal(true);
    let now = 0;
    const progress = openProgress(stream, { total: 1000, now: () => now });
    for (now = 0; now <= 1000; now += 10) progress.update({ bytes: now, lines: now });
    const drawn = written().split('\r').slice(1);
    expect(drawn).toHaveLength(11);
    expect(drawn.at(-1)).toContain('100 %');
    progress.done();
    expect(written().endsWith('\r\u001b[K')).toBe(true);
  });

  it('foresees the end from how it went of late', () => {
    const { stream, written } = terminal(true);
    let now = 0;
    const progress = openProgress(stream, { total: 30_000, now: () => now });
    // Slow for a minute, then ten times as fast.
    for (now = 0; now <= 60_000; now += 100) progress.update({ bytes: now / 10, lines: 0 });
    for (; now <= 80_000; now += 100) progress.update({ bytes: 6000 + (now - 60_000), lines: 0 });
    expect(written().split('\r').at(-1)).toMatch(/ 4 s left/);
  });
});

describe('the line', () => {
  const going = { bytes: 512e6, lines: 2_000_000, bytesPerSecond: 64e6, linesPerSecond: 250_000 };

  it.each([
    [going, 1024e6, '50 %  2,000,000 lines  250,000 lines/s  8 s left'],
    [going, undefined, '2,000,000 lines  250,000 lines/s'],
    [{ ...going, bytesPerSecond: 1e6 }, 1024e6, '8:32 min left'],
    [{ ...going, bytesPerSecond: 1e4 }, 1024e6, '14:13 h left'],
    [{ ...going, lines: undefined }, undefined, '512.0 MB  64.0 MB/s'],
    [{ ...going, label: 'a\u001b[2Jb' }, undefined, 'a?[2Jb'],
  ])('says %j of %s', (state, total, expected) => {
    expect(progressText(state, total, 200)).toContain(expected);
  });

  it('fits', () => {
    expect(progressText({ ...going, label: 'x'.repeat(300) }, 1024e6, 79)).toHaveLength(79);
  });
});
