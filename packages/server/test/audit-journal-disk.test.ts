// The journal of audited acts on a disk that is full. Takes root and Linux for a disk of its own; skipped by name elsewhere.
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAuditJournal } from '../src/audit-journal.ts';
import { byHub } from '../src/model/audit-entry.ts';
import { type Disk, mountDisk } from './faults/ground.ts';

let dir: string;
let data: string;
let disk: Disk | null;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-journal-disk-'));
  data = join(dir, 'disk');
  disk = await mountDisk(data, 4);
});
afterAll(async () => {
  await disk?.close(false);
  await rm(dir, { recursive: true, force: true });
});

const act = (target: string) => ({ tenants: ['t'], note: byHub('key.create', target, {}) });
/** Takes all room but for what is left of the journal's own last page. */
async function fill(): Promise<void> {
  const { bavail, bsize } = await statfs(data);
  await writeFile(join(data, 'ballast'), Buffer.alloc(bavail * bsize));
}
const makeRoom = () => rm(join(data, 'ballast'));

test('on a full disk nothing is begun that is not noted, what is done stays done, and no line is spoiled', async ({
  skip,
}) => {
  if (disk === null) return skip('a disk of its own takes root and Linux');
  const journal = openAuditJournal(data);
  journal.begin(act('stays'));
  const ends: (() => void)[] = [];
  await fill();
  // Until the last page is full, in the middle of a line.
  const beginAll = (): void => {
    for (let count = 0; count < 100; count += 1) ends.push(journal.begin(act(String(count))));
  };
  expect(beginAll).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  expect(ends.length).toBeGreaterThan(5);
  for (const end of ends) end();
  const text = await readFile(join(data, 'audit-open.ndjson'), 'utf8');
  expect(text.endsWith('}\n')).toBe(true);
  await makeRoom();
  journal.begin(act('later'));
  journal.close();
  expect(openAuditJournal(data).left).toEqual([act('stays'), act('later')]);
});

test('a journal that cannot be opened for want of room says so', async ({ skip }) => {
  if (disk === null) return skip('a disk of its own takes root and Linux');
  openAuditJournal(data).begin(act('stays'));
  await fill();
  expect(() => openAuditJournal(data)).toThrow(
    expect.objectContaining({ code: 'disk-full', message: expect.stringContaining(`${data} is full`) }),
  );
  await makeRoom();
  expect(openAuditJournal(data).left.map(({ note }) => note.target)).toContain('stays');
});
