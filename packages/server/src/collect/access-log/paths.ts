import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageFault } from '../../model/fault.ts';
import { explain } from './explain.ts';

/** What lies in log directories and is no access log. */
const NOT_LOGS =
  /(?:^|[._-])error(?:s)?(?:[._-]|$)|\.(?:pid|sock|conf|cfg|ini|ya?ml|toml|html?|css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|woff2?|ttf|pdf|md|sh|py|pl|php|sql|db|sqlite3?|mmdb|journal|swp|bak|tar|tgz|zip|rar|7z|xz|bz2|so|exe|lock|offset|state|md5|sha\d+)$|^(?:wtmp|btmp|utmp|lastlog|faillog|README|LICENSE)/i;

/** `.gz`, `.zst` behind a name say nothing about its place in a rotated set. */
const COMPRESSION = /\.(?:gz|zst|zstd)$/i;
const NUMBERED = /^(.+?)\.(\d{1,5})$/;
const DATED = /^(.*?)[._-]?(\d{4}-?\d{2}-?\d{2}(?:[T_-]?\d{2,6}(?:-\d{2}){0,2})?)(\.[a-z]+)?$/i;

/**
 * The files behind what someone named: files as they are, directories searched through (hidden entries and what is
 * plainly no access log left out), each once. Files of one rotated set (`access.log.2.gz access.log.1 access.log`,
 * `access.log-20251219`) are put in time order where the first of them stood. `-` stands for standard input.
 * Throws UsageFault naming every path that is missing, unreadable or holds no logs.
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    if (path === '-') {
      found.push(path);
      continue;
    }
    try {
      if ((await stat(path)).isDirectory()) {
        const before = found.length;
        await walk(path, found);
        if (found.length === before) problems.push(`${path}: holds no log files`);
      } else found.push(path);
    } catch (error) {
      problems.push(`${(error as NodeJS.ErrnoException).path ?? path}: ${explain(error)}`);
    }
  }
  if (problems.length > 0) throw new UsageFault(`cannot read ${problems.join('; ')}`);
  return inTimeOrder(once(found));
}

async function walk(directory: string, found: string[]): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await walk(path, found);
    else if ((entry.isFile() || entry.isSymbolicLink()) && !NOT_LOGS.test(entry.name.replace(COMPRESSION, ''))) {
      if (entry.isFile() || (await isFile(path))) found.push(path);
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function once(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = path === '-' ? path : resolve(path);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Where a file stands in its set: dated ones by date, then numbered ones from the highest, then the one being written. */
interface Place {
  set: string;
  date: string;
  number: number;
}

function placeOf(path: string): Place {
  const name = basename(path).replace(COMPRESSION, '');
  const directory = dirname(resolve(path));
  const numbered = NUMBERED.exec(name);
  const stem = numbered?.[1] ?? name;
  const number = numbered === null ? 0 : Number(numbered[2]);
  const dated = DATED.exec(stem);
  if (dated === null) return { set: join(directory, stem), date: '~', number };
  return {
    set: join(directory, `${dated[1]}${dated[3] ?? ''}`),
    date: (dated[2] as string).replace(/\D/g, ''),
    number,
  };
}

function inTimeOrder(paths: readonly string[]): string[] {
  const sets = new Map<string, { path: string; place: Place }[]>();
  for (const path of paths) {
    const place = path === '-' ? { set: '-', date: '', number: 0 } : placeOf(path);
    const set = sets.get(place.set);
    if (set === undefined) sets.set(place.set, [{ path, place }]);
    else set.push({ path, place });
  }
  return [...sets.values()].flatMap((set) =>
    set
      .sort((a, b) =>
        a.place.date === b.place.date ? b.place.number - a.place.number : a.place.date < b.place.date ? -1 : 1,
      )
      .map(({ path }) => path),
  );
}
