import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tarHead } from '../flow/tar-writer.ts';
import { Fault } from '../model/fault.ts';
import { fileSource, streamSource } from './archive-reader.ts';
import { type ArchiveParts, writeArchive } from './archive-writer.ts';
import { CONTENTS, FORMAT, FORMAT_VERSION, MANIFEST, RECORDS } from './format.ts';
import { entryOf } from './records-entries.ts';
import { unpack } from './unpack.ts';
import { noteEntries, nothingWritten, verifyArchive, type Written } from './written.ts';

const LONG = `clickhouse/requests/parts/${'ä'.repeat(60)}/${'column'.repeat(20)}.bin`;
const BEFORE_LONG = 'clickhouse/requests/parts/a_1_1_0/data.bin';
const RECORD_FILES: [string, Buffer][] = [
  [MANIFEST, Buffer.from(JSON.stringify({ format: FORMAT, format_version: FORMAT_VERSION, id: 'x', created: 'now' }))],
  ['postgres/tenants.000000.copy', Buffer.from('1\tacme\n')],
  [RECORDS, Buffer.from('{"tables":[]}')],
];
const HELD_FILES: [string, Buffer][] = [
  ['files/empty', Buffer.alloc(0)],
  [BEFORE_LONG, randomBytes(512)],
  [LONG, randomBytes(2_500_000)],
  ['clickhouse/requests_sample/parts/b_1_1_0/data.bin', randomBytes(70_001)],
];
const FILES = [...RECORD_FILES, ...HELD_FILES];
let dir: string;
let held: string;
let archive: Buffer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-archive-'));
  held = join(dir, 'held');
  for (const [name, content] of HELD_FILES) {
    await mkdir(dirname(join(held, name)), { recursive: true });
    await writeFile(join(held, name), content);
  }
  archive = await written();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What a hub holds. */
function parts(more: Partial<ArchiveParts> = {}): ArchiveParts {
  async function* records() {
    const all = Buffer.concat(RECORD_FILES.map(([name, content]) => entryOf(name, content, 0)));
    for (let at = 0; at < all.length; at += 701) yield all.subarray(at, at + 701);
    // The hub holds on to the files until the connection ends.
    await new Promise(() => undefined);
  }
  const places = ['files', 'clickhouse/requests/parts', 'clickhouse/requests_sample/parts'];
  const trees = places.map((name) => ({ name, directory: join(held, name) }));
  return { records: records(), trees: async () => trees, checkHeld: async () => undefined, ...more };
}

async function written(state: Written = nothingWritten(), from: ArchiveParts = parts()): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await writeArchive(
    from,
    async (piece) => void pieces.push(Buffer.from(piece)),
    state,
    () => undefined,
  );
  return Buffer.concat(pieces);
}

async function* inPieces(bytes: Buffer, size = 4096): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const verify = (bytes: Buffer) => verifyArchive(streamSource(inPieces(bytes)), () => undefined);
const placeOf = (name: string) => archive.indexOf(HELD_FILES.find(([known]) => known === name)?.[1] as Buffer);

test('an archive is whole, and what it was made of comes out again', async () => {
  const { sums, contents } = await verify(archive);
  expect([...sums.keys()]).toEqual([...FILES.map(([name]) => name), CONTENTS]);
  expect(contents).toEqual({
    entries: FILES.length,
    bytes: FILES.reduce((sum, [, content]) => sum + content.length, 0),
  });
  const to = join(dir, 'unpacked');
  await unpack(streamSource(inPieces(archive)), { begin: async () => to, resume: false, told: () => undefined });
  for (const [name, content] of FILES) expect((await readFile(join(to, name))).equals(content)).toBe(true);
});

test('tar and sha256sum read it', async () => {
  const file = join(dir, 'plain.tar');
  await writeFile(file, archive);
  const to = await mkdtemp(join(dir, 'tar-'));
  execFileSync('tar', ['xf', file, '-C', to]);
  expect((await readFile(join(to, LONG))).equals(HELD_FILES[2]?.[1] as Buffer)).toBe(true);
  expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: to }).toString()).toBe('');
});

test('a size beyond eight gigabytes is told as pax has it', () => {
  const head = tarHead('clickhouse/requests/parts/all_1_9_2/data.bin', 20 * 1024 ** 3, 0);
  expect(head.toString('latin1')).toContain('size=21474836480\n');
  const record = /(\d+) path=[^\n]*\n/.exec(head.toString('utf8'));
  expect(Buffer.byteLength(record?.[0] ?? '')).toBe(Number(record?.[1]));
});

test.each([
  ['postgres/tenants.000000.copy', 'postgres/tenants.000000.copy'],
  [RECORDS, RECORDS],
  [LONG, LONG],
])('a byte that was changed in %s is found and named', async (_, name) => {
  const damaged = Buffer.from(archive);
  const content = FILES.find(([known]) => known === name)?.[1] as Buffer;
  const at = damaged.indexOf(content);
  damaged.writeUInt8((damaged[at + 3] as number) ^ 1, at + 3);
  await expect(verify(damaged)).rejects.toMatchObject({
    code: 'archive-damaged',
    message: expect.stringContaining(name),
  });
  const to = await mkdtemp(join(dir, 'damaged-'));
  const unpacking = unpack(streamSource(inPieces(damaged)), {
    begin: async () => to,
    resume: false,
    told: () => undefined,
  });
  await expect(unpacking).rejects.toMatchObject({ code: 'archive-damaged', message: expect.stringContaining(name) });
  await expect(readFile(join(to, name))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('bytes that are changed anywhere never pass for an archive', async () => {
  // By a fixed sequence, so that a failure comes again.
  const dice = createHash('sha256').update('where').digest();
  for (let round = 0; round < 60; round += 1) {
    const at = (dice.readUInt32BE((round * 3) % 28) + round * 40_009) % (archive.length - 1024);
    const damaged = Buffer.from(archive);
    damaged.writeUInt8((damaged[at] as number) ^ 0x55, at);
    const outcome = await verify(damaged).then(
      () => 'whole',
      (error: { code?: string }) => error.code,
    );
    // What fills a block up, and fields of a header that its checksum does not hold, are not what was backed up.
    const idle = archive[at] === 0 && outcome === 'whole';
    expect(
      idle || ['archive-damaged', 'archive-cut', 'not-an-archive', 'archive-newer'].includes(String(outcome)),
    ).toBe(true);
  }
});

test.each([0, 100, 512, 3000, 2_200_000])('cut after %i bytes it is no archive', async (length) => {
  await expect(verify(archive.subarray(0, length))).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:archive-cut|not-an-archive)$/),
  });
});

test('an interrupted one is gone on with behind its last whole entry, to the same bytes', async () => {
  const part = archive.subarray(0, placeOf(LONG) + 10_000);
  const file = join(dir, 'part');
  await writeFile(file, part);
  const handle = await open(file, 'r');
  const state = nothingWritten();
  await expect(noteEntries(fileSource(handle, part.length), state)).rejects.toMatchObject({ code: 'archive-cut' });
  await handle.close();
  expect(state.last).toBe(BEFORE_LONG);
  const whole = Buffer.concat([archive.subarray(0, state.end), await written(state)]);
  expect((await verify(whole)).sums).toEqual((await verify(archive)).sums);
});

test('files that are given up while they are copied make no archive', async () => {
  const gone = new Fault('backup-gone', 'given up');
  const fails = (more: Partial<ArchiveParts>) => expect(written(nothingWritten(), parts(more))).rejects;
  const checkHeld = () => Promise.reject(gone);
  await fails({ checkHeld }).toBe(gone);
  await fails({ checkHeld, trees: async () => [{ name: 'files', directory: join(dir, 'nowhere') }] }).toBe(gone);
  await fails({ trees: async () => [{ name: 'files', directory: join(dir, 'nowhere') }] }).toMatchObject({
    code: 'ENOENT',
  });
});

test('an entry that the files do not have is nothing to go on behind', async () => {
  const state = nothingWritten();
  await written(state);
  Object.assign(state, { last: 'files/other', contents: null });
  await expect(written(state)).rejects.toMatchObject({ code: 'backup-gone' });
});

test('what was unpacked already is not read again from the archive', async () => {
  const to = await mkdtemp(join(dir, 'resumed-'));
  const cut = archive.subarray(0, placeOf(LONG) + 5000);
  const options = { begin: async () => to, told: () => undefined };
  await expect(unpack(streamSource(inPieces(cut)), { ...options, resume: false })).rejects.toMatchObject({
    code: 'archive-cut',
  });
  const file = join(dir, 'whole.tar');
  await writeFile(file, archive);
  const handle = await open(file, 'r');
  await unpack(fileSource(handle, archive.length), { ...options, resume: true });
  await handle.close();
  for (const [name, content] of FILES) expect((await readFile(join(to, name))).equals(content)).toBe(true);
});

test('a name that leads elsewhere is refused', async () => {
  const evil = Buffer.concat([
    entryOf(MANIFEST, RECORD_FILES[0]?.[1] as Buffer, 0),
    entryOf('../evil', Buffer.from('x'), 0),
  ]);
  const to = await mkdtemp(join(dir, 'evil-'));
  await expect(
    unpack(streamSource(inPieces(evil)), { begin: async () => join(to, 'in'), resume: false, told: () => undefined }),
  ).rejects.toMatchObject({ code: 'archive-damaged' });
  expect(await readdir(to)).toEqual(['in']);
});

test('something else, and a later format, are refused', async () => {
  await expect(verify(Buffer.from('hello'))).rejects.toMatchObject({ code: 'not-an-archive' });
  await expect(verify(entryOf('readme', Buffer.from('x'), 0))).rejects.toMatchObject({ code: 'not-an-archive' });
  const later = Buffer.from(JSON.stringify({ format: FORMAT, format_version: FORMAT_VERSION + 1, vedette: '9.9.9' }));
  await expect(verify(entryOf(MANIFEST, later, 0))).rejects.toMatchObject({
    code: 'archive-newer',
    message: expect.stringContaining('9.9.9'),
  });
});
