import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAuditHeads } from './audit-heads.ts';

const TENANT = '0198c0de-0000-7000-8000-000000000001';
const head = (number: number) => ({ number, hash: number.toString(16).padStart(64, '0') });
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-heads-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('ends of chains outlast the process, and never go back', async () => {
  const heads = await openAuditHeads(dir);
  heads.note(TENANT, head(7));
  heads.note(TENANT, head(5));
  await Promise.all([heads.save(), heads.save()]);
  const again = await openAuditHeads(dir);
  expect(again.get(TENANT)).toEqual(head(7));
  again.note(TENANT, head(8));
  await again.save();
  expect((await openAuditHeads(dir)).get(TENANT)).toEqual(head(8));
});

test.each([
  '',
  'no JSON',
  '[]',
  'null',
  '{"x":{"number":1,"hash":""}}',
  `{"${TENANT}":{"number":"1","hash":"00"}}`,
  `{"${TENANT}":null}`,
])('a file of %s is none', async (text) => {
  await writeFile(join(dir, 'audit-heads.json'), text);
  expect((await openAuditHeads(dir)).get(TENANT)).toBeUndefined();
});
