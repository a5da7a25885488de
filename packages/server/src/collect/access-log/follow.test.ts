import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageFault } from '../../model/fault.ts';
import { followFile } from './source.ts';

let directory = '';
let path = '';
let ender = new AbortController();
const seen = { text: '' };
let reading: Promise<void> = Promise.resolve();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-follow-'));
  path = join(directory, 'access.log');
  ender = new AbortController();
  seen.text = '';
});
afterEach(async () => {
  ender.abort();
  await reading;
  await rm(directory, { recursive: true, force: true });
});

function follow(from?: number): void {
  reading = (async () => {
    for await (const chunk of followFile(path, { signal: ender.signal, from, pollMs: 20 }))
      seen.text += chunk.toString();
  })();
}

/** Waits until what was read is as expected; the runner's time limit is the only one. */
async function until(text: string): Promise<void> {
  for (;;) {
    if (seen.text === text) return;
    if (!text.startsWith(seen.text)) expect(seen.text).toBe(text);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('followFile', () => {
  it('reads what is there and what is added', async () => {
    await writeFile(path, 'a\n');
    follow();
    await until('a\n');
    await appendFile(path, 'b');
    await until('a\nb');
    await appendFile(path, 'c\n');
    await until('a\nbc\n');
  });

  it('begins where it is told', async () => {
    await writeFile(path, 'a\nb\n');
    follow(2);
    await until('b\n');
  });

  it('goes on with the new file after a rename, with all of the old', async () => {
    await writeFile(path, 'a\n');
    follow();
    await until('a\n');
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, 'late\n');
    await until('a\nlate\n');
    await writeFile(path, 'b\n');
    await until('a\nlate\nb\n');
    await appendFile(path, 'c\n');
    await until('a\nlate\nb\nc\n');
  });

  it('ends a line that the old file left open', async () => {
    await writeFile(path, 'a\nopen');
    follow();
    await until('a\nopen');
    await rename(path, `${path}.1`);
    await writeFile(path, 'b\n');
    await until('a\nopen\nb\n');
  });

  it('begins again after a truncation', async () => {
    await writeFile(path, 'a\nb\n');
    follow();
    await until('a\nb\n');
    await copyFile(path, `${path}.1`);
    await truncate(path, 0);
    await appendFile(path, 'c\n');
    await until('a\nb\nc\n');
  });

  it('notices a truncation that was overtaken by new lines', async () => {
    await writeFile(path, 'a\nb\n');
    follow();
    await until('a\nb\n');
    // One write from the beginning: the file is never shorter than what was read.
    await writeFile(path, 'first\nsecond\nthird\n', { flag: 'r+' });
    await until('a\nb\nfirst\nsecond\nthird\n');
  });

  it('ends when it is told', async () => {
    await writeFile(path, 'a\n');
    follow();
    await until('a\n');
    ender.abort();
    await reading;
    await appendFile(path, 'b\n');
    expect(seen.text).toBe('a\n');
  });

  it('says what is wrong with a path', async () => {
    const following = followFile(join(directory, 'missing.log'), { signal: ender.signal });
    await expect(following.next()).rejects.toThrow(UsageFault);
  });
});
