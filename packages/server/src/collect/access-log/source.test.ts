import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZstdFrames } from '../../flow/zstd-frames.ts';
import { Fault, UsageFault } from '../../model/fault.ts';
import { expandPaths, openSource } from './source.ts';

const LINES = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${(i * 7919) % 10_007}\n`).join('');
const TEXT = Buffer.from(LINES);
const HALF = TEXT.length >> 1;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-source-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(bytes: Buffer, name = 'a.log') {
  const path = join(directory, name);
  await writeFile(path, bytes);
  const source = await openSource(path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.stream) chunks.push(chunk);
  return { source, bytes: Buffer.concat(chunks) };
}

/** A frame that decompressors skip. */
const SKIPPABLE = Buffer.concat([Buffer.from('502a4d1805000000', 'hex'), Buffer.from('hello')]);
const CHECKED = { params: { 201: 1 } };

describe('openSource', () => {
  it.each<[string, Buffer]>([
    ['plain', TEXT],
    ['gzip', gzipSync(TEXT)],
    ['gzip of two members', Buffer.concat([gzipSync(TEXT.subarray(0, HALF)), gzipSync(TEXT.subarray(HALF))])],
    ['zstd', zstdCompressSync(TEXT)],
    ['zstd with a checksum', zstdCompressSync(TEXT, CHECKED)],
    [
      'zstd of several frames',
      Buffer.concat([
        SKIPPABLE,
        zstdCompressSync(TEXT.subarray(0, HALF)),
        SKIPPABLE,
        zstdCompressSync(TEXT.subarray(HALF), CHECKED),
      ]),
    ],
  ])('reads %s by its first bytes', async (_what, compressed) => {
    const { source, bytes } = await read(compressed, 'misnamed.txt');
    expect(bytes.equals(TEXT)).toBe(true);
    expect(source.fault()).toBeNull();
    expect([source.size, source.consumed()]).toEqual([compressed.length, compressed.length]);
  });

  it.each<[string, Buffer, number]>([
    ['nothing', Buffer.alloc(0), 0],
    ['one byte', Buffer.from('a'), 1],
    ['empty gzip', gzipSync(''), 0],
    ['empty zstd', zstdCompressSync(Buffer.alloc(0)), 0],
  ])('reads %s', async (_what, input, length) => {
    const { source, bytes } = await read(input);
    expect(bytes.length).toBe(length);
    expect(source.fault()).toBeNull();
  });

  it.each<[string, Buffer]>([
    ['gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT.subarray(0, HALF))],
  ])('gives all there is of truncated %s and says so', async (kind, compressed) => {
    const { source, bytes } = await read(compressed.subarray(0, compressed.length - 9));
    expect(TEXT.subarray(0, bytes.length).equals(bytes)).toBe(true);
    if (kind === 'gzip') expect(bytes.length).toBeGreaterThan(TEXT.length * 0.99);
    expect(source.fault()).toMatchObject({ refused: 'truncated', detail: expect.stringContaining('a.log') });
  });

  it('says so when a zstd stream ends between the blocks of a frame or after a header', async () => {
    const first = zstdCompressSync(TEXT.subarray(0, HALF));
    const { source, bytes } = await read(Buffer.concat([first, zstdCompressSync(TEXT).subarray(0, 7)]));
    expect(bytes.equals(TEXT.subarray(0, HALF))).toBe(true);
    expect(source.fault()).toMatchObject({ refused: 'truncated' });
  });

  it.each<[string, Buffer]>([
    ['gzip', gzipSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
  ])('gives what comes before damage in %s', async (_what, compressed) => {
    const damaged = Buffer.from(compressed).fill(0xff, compressed.length - 3000, compressed.length - 2000);
    const { source, bytes } = await read(damaged);
    expect(bytes.length).toBeLessThan(TEXT.length + 1);
    expect(source.fault()).not.toBeNull();
    expect(source.fault()?.refused).toMatch(/^(?:damaged|truncated)$/);
  });

  it.each([
    ['xz-compressed', 'fd377a585a000004'],
    ['bzip2-compressed', '425a68393141'],
    ['zip-compressed', '504b030414000000'],
    ['a dump of PostgreSQL', '5047444d5001'],
    ['text in UTF-16', 'fffe31003900'],
  ])('says that it cannot read what is %s', async (kind, hex) => {
    const refused = read(Buffer.from(hex, 'hex'));
    await expect(refused).rejects.toThrow(Fault);
    await expect(refused).rejects.toThrow(`is ${kind}`);
  });

  it('says what is wrong with a path', async () => {
    await expect(openSource(join(directory, 'missing.log'))).rejects.toThrow(/missing\.log: no such file/);
    await expect(openSource(directory)).rejects.toThrow(UsageFault);
  });
});

describe('ZstdFrames', () => {
  it('finds the same frames whatever the chunks', () => {
    const text = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 4 });
    const steps = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(text, steps, fc.boolean(), (frames, sizes, skips) => {
        const compressed = frames.map((frame, i) => zstdCompressSync(frame, i % 2 === 0 ? CHECKED : {}));
        const whole = Buffer.concat(compressed.flatMap((frame) => (skips ? [SKIPPABLE, frame] : [frame])));
        const splitter = new ZstdFrames();
        const found: Buffer[] = [];
        let parts: Buffer[] = [];
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = sizes[i % sizes.length] as number;
          for (const piece of splitter.push(whole.subarray(at, at + size))) {
            parts.push(Buffer.from(piece.bytes));
            if (!piece.ends) continue;
            found.push(Buffer.concat(parts));
            parts = [];
          }
          at += size;
        }
        expect(splitter.open).toBe(false);
        expect(found.map((frame) => frame.toString('hex'))).toEqual(compressed.map((frame) => frame.toString('hex')));
      }),
    );
  });
});

describe('expandPaths', () => {
  const make = async (...names: string[]) => {
    const root = await mkdtemp(join(directory, 'logs-'));
    for (const name of names) {
      await mkdir(join(root, name, '..'), { recursive: true });
      await writeFile(join(root, name), 'x\n');
    }
    return root;
  };
  const relative = (root: string, paths: string[]) => paths.map((path) => path.slice(root.length + 1));

  it('puts rotated sets in time order', async () => {
    const root = await make(
      'access.log',
      'access.log.1',
      'access.log.2.gz',
      'access.log.10.gz',
      'other.log',
      'other.log.1.zst',
    );
    expect(relative(root, await expandPaths([root]))).toEqual([
      'access.log.10.gz',
      'access.log.2.gz',
      'access.log.1',
      'access.log',
      'other.log.1.zst',
      'other.log',
    ]);
  });

  it('puts dated sets in time order', async () => {
    const root = await make(
      'a.log',
      'a.log-20251231',
      'a.log-20251219.gz',
      'b-2025-12-20.log',
      'b-2025-12-03.log',
      'b.log',
    );
    expect(relative(root, await expandPaths([root]))).toEqual([
      'a.log-20251219.gz',
      'a.log-20251231',
      'a.log',
      'b-2025-12-03.log',
      'b-2025-12-20.log',
      'b.log',
    ]);
  });

  it('looks into directories, but not at what is hidden or no access log', async () => {
    const root = await make(
      'site/access.log',
      'site/error.log',
      'site/error.log.1.gz',
      'site/nginx-error.log',
      '.hidden/access.log',
      'site/.access.log',
      'nginx.pid',
      'index.html',
      'dump.tar',
      'ex250110.log',
      'access.json',
    );
    expect(relative(root, await expandPaths([root]))).toEqual(['access.json', 'ex250110.log', 'site/access.log']);
  });

  it('takes a file that is named, each once, and keeps sets where they stood', async () => {
    const root = await make('error.log', 'z.log', 'a.log', 'z.log.1');
    const paths = ['error.log', 'z.log', 'a.log', 'z.log', 'z.log.1'].map((name) => join(root, name));
    expect(relative(root, await expandPaths(paths))).toEqual(['error.log', 'z.log.1', 'z.log', 'a.log']);
    expect(await expandPaths(['-', '-'])).toEqual(['-']);
  });

  it('names everything that cannot be read', async () => {
    const root = await make('a.pid');
    const refused = expandPaths([join(root, 'x.log'), root, join(root, 'y.log')]);
    await expect(refused).rejects.toThrow(UsageFault);
    await expect(refused).rejects.toThrow(/x\.log: no such file; .*: holds no log files; .*y\.log: no such file/);
  });
});
