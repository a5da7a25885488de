import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTING_LIST, type SettingInfo } from './config.ts';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs', 'operating.md');

/** Cells of the table below "## Settings", without its head. */
function documented(): string[][] {
  const section = /^## Settings\n(.*?)^## /ms.exec(readFileSync(DOCS, 'utf8'))?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) => {
    const cells = row.split('|').slice(1, -1);
    return cells.map((cell) => cell.trim());
  });
}

/** A default as the table has it; the data directory's differs from one machine to the next but for its end. */
function defaultOf({ key, default: standard }: SettingInfo): string {
  if (standard === '') return '';
  return key === 'data' ? '`.vedette/data`' : `\`${standard}\``;
}

test('every setting is in the documentation with its default and meaning, and nothing else is', () => {
  expect(documented()).toEqual(
    SETTING_LIST.map((setting) => [`\`${setting.name}\``, defaultOf(setting), setting.description]),
  );
});

test('the data directory is where the documentation says', () => {
  const data = SETTING_LIST.find(({ key }) => key === 'data');
  expect(data?.default).toBe(join(import.meta.dirname, '..', '..', '..', '.vedette', 'data'));
});
