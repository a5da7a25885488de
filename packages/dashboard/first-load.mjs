// Plain JavaScript, as build.mjs, which tells the figure after each build.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The most that the first load may be, packed; docs/design-system.md promises it. */
export const BUDGET = 300_000;

/**
 * What a browser loads before the first screen is drawn: the entry of the page, the steps that it begins with and whatever
 * those import statically, and the words of the largest language besides English.
 * @param {string} dist where the build is, its manifest with it
 * @returns {{ bytes: number, files: { name: string, bytes: number }[] }} packed (gzip), the largest first
 */
export function firstLoad(dist) {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
  const names = new Set();
  const add = (key) => {
    if (names.has(key)) return;
    names.add(key);
    for (const other of manifest[key].imports ?? []) add(other);
  };
  const sized = (key) => {
    const { file } = manifest[key];
    return { name: file, bytes: gzipSync(readFileSync(join(dist, file))).length };
  };
  for (const [key, { isEntry, dynamicImports = [] }] of Object.entries(manifest)) {
    if (!isEntry) continue;
    add(key);
    // What the entry itself imports step by step is loaded with it.
    for (const step of dynamicImports) add(step);
  }
  const files = [...names].map(sized);
  const [words] = Object.keys(manifest)
    .filter((key) => /^src\/texts\/[a-z]+\.ts$/.test(key) && !names.has(key))
    .map(sized)
    .sort((a, b) => b.bytes - a.bytes);
  if (words !== undefined) files.push(words);
  files.sort((a, b) => b.bytes - a.bytes);
  return { bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), files };
}
