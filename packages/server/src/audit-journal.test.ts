import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAuditJournal } from './audit-journal.ts';
import { byHub } from './model/audit-entry.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-journal-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const act = (target: string) => ({ tenants: ['t'], note: byHub('key.create', target, {}) });
const file = () => join(dir, 'audit-open.ndjson');

test('what was begun and not ended is there for the next process, in order, until it is settled', async () => {
  const before = openAuditJournal(dir);
  expect(before.left).toEqual([]);
  before.begin(act('one'));
  const end = before.begin(act('two'));
  before.begin(act('three'));
  end();
  end();
  before.close();
  const after = openAuditJournal(dir);
  expect(after.left).toEqual([act('one'), act('three')]);
  // Acts of its own, meanwhile, do not take what was left away.
  after.begin(act('four'))();
  after.close();
  const third = openAuditJournal(dir);
  expect(third.left).toEqual([act('one'), act('three')]);
  third.settle();
  third.close();
  expect(openAuditJournal(dir).left).toEqual([]);
});

test('does not grow for as long as something stays open', async () => {
  const journal = openAuditJournal(dir);
  journal.begin(act('stays'));
  for (let count = 0; count < 5000; count += 1) journal.begin(act('x'.repeat(200)))();
  expect((await stat(file())).size).toBeLessThan(1.1 * 1024 * 1024);
  expect(openAuditJournal(dir).left).toEqual([act('stays')]);
  journal.close();
});

test('is empty whenever nothing is under way, and for its owner only', async () => {
  const journal = openAuditJournal(dir);
  for (let count = 0; count < 100; count += 1) journal.begin(act(String(count)))();
  expect(await readFile(file(), 'utf8')).toBe('');
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  journal.close();
});

test.each(['{"id":"1.2","tena', 'null', '[]', '""', '\u0000'])('passes over a line that is %j', async (line) => {
  const journal = openAuditJournal(dir);
  journal.begin(act('one'));
  await appendFile(file(), line);
  expect(openAuditJournal(dir).left).toEqual([act('one')]);
  journal.close();
});
