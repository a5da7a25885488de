import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageFault } from '../model/fault.ts';
import { writeArchive } from './archive-writer.ts';
import { FORMAT, FORMAT_VERSION, MANIFEST, RECORDS } from './format.ts';
import { entryOf } from './records-entries.ts';
import { unpackFile } from './unpacker.ts';
import { nothingWritten } from './written.ts';

const MANIFEST_OF_X = { format: FORMAT, format_version: FORMAT_VERSION, id: 'x', created: 'now' };
const CONTENT = randomBytes(5_000_000);
let dir: string;
let path: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-unpacker-'));
  path = join(dir, 'whole.tar');
  const held = join(dir, 'held', 'files', 'content');
  await mkdir(dirname(held), { recursive: true });
  await writeFile(held, CONTENT);
  const heads = [
    entryOf(MANIFEST, Buffer.from(JSON.stringify(MANIFEST_OF_X)), 0),
    entryOf(RECORDS, Buffer.from('{}'), 0),
  ];
  const pieces: Buffer[] = [];
  const parts = {
    records: (async function* () {
      yield Buffer.concat(heads);
    })(),
    trees: async () => [{ name: 'files', directory: dirname(held) }],
    checkHeld: async () => undefined,
  };
  const sink = async (piece: Buffer) => void pieces.push(Buffer.from(piece));
  await writeArchive(parts, sink, nothingWritten(), () => undefined);
  await writeFile(path, Buffer.concat(pieces));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const into = (directory: string) => ({ begin: async () => directory, resume: false, told: () => undefined });

test('the thread unpacks where it is told to, and tells how far it is', async () => {
  const to = join(dir, 'to');
  const told: number[] = [];
  const shown: unknown[] = [];
  const begin = async (manifest: unknown) => {
    shown.push(manifest);
    return to;
  };
  await expect(
    unpackFile(path, { begin, resume: false, told: (bytes) => void told.push(bytes) }),
  ).resolves.toMatchObject(MANIFEST_OF_X);
  expect(shown).toMatchObject([MANIFEST_OF_X]);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBeGreaterThan(CONTENT.length);
  expect((await readFile(join(to, 'files', 'content'))).equals(CONTENT)).toBe(true);
});

test('what refuses the manifest ends it, as it is', async () => {
  const refusal = new UsageFault('not here');
  const begin = () => Promise.reject(refusal);
  await expect(unpackFile(path, { ...into(''), begin })).rejects.toBe(refusal);
});

test('a fault keeps its code, and names what is damaged', async () => {
  const damaged = await readFile(path);
  const at = damaged.indexOf(CONTENT);
  damaged.writeUInt8((damaged[at] as number) ^ 1, at);
  const file = join(dir, 'damaged.tar');
  await writeFile(file, damaged);
  await expect(unpackFile(file, into(join(dir, 'damaged')))).rejects.toMatchObject({
    name: 'Fault',
    code: 'archive-damaged',
    message: expect.stringContaining('files/content'),
  });
});

test('what the system refuses keeps its code', async () => {
  const taken = join(dir, 'taken');
  await writeFile(taken, '');
  const unpacking = unpackFile(path, into(join(taken, 'in')));
  await expect(unpacking).rejects.toMatchObject({ code: 'ENOTDIR', syscall: 'mkdir' });
  await expect(unpackFile(join(dir, 'none.tar'), into(dir))).rejects.toMatchObject({
    code: 'ENOENT',
    syscall: 'open',
  });
});
