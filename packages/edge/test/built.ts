import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Builds dist/ where the sources are newer: apps use the package as it is published. */
export function ensureBuilt(): void {
  const newest = Math.max(...readdirSync(join(root, 'src')).map((name) => statSync(join(root, 'src', name)).mtimeMs));
  const built = statSync(join(root, 'dist/cjs/package.json'), { throwIfNoEntry: false });
  if (built === undefined || built.mtimeMs < newest) execFileSync(process.execPath, [join(root, 'build.mjs')]);
}
