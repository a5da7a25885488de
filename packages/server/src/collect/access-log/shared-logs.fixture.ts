import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { eachLine } from './lines.ts';

/** A collection of real logs for tests. */
export interface SharedLogs {
  directory: string;
  /** False where the collection is not installed. */
  found: boolean;
  /** The lines of one file, decompressed. */
  lines(name: string): string[];
}

/** The collection under a root; by default in `shared` beside the repository. Says so where it is not. */
export function sharedLogs(root: string | undefined): SharedLogs {
  const base = root ?? fileURLToPath(new URL('../../../../../../shared', import.meta.url));
  const directory = join(base, 'data', 'access-logs');
  const found = existsSync(directory);
  if (!found) console.warn(`skipped: no real logs at ${directory} (set VEDETTE_SHARED)`);
  const lines = (name: string) => {
    const bytes = readFileSync(join(directory, name));
    const all: string[] = [];
    eachLine(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, (line) => all.push(line));
    return all;
  };
  return { directory, found, lines };
}
