import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { type Asset, createAsset } from './asset.ts';

const TYPES = { 'vedette.js': 'text/javascript; charset=utf-8', 'banner.css': 'text/css; charset=utf-8' } as const;
export type BrowserFile = keyof typeof TYPES;
const FILES = Object.keys(TYPES) as BrowserFile[];
const BUILD = /^[0-9A-Za-z.+-]{1,60}-[0-9a-f]{8}$/;
const BUILDS_IN_MEMORY = 20;

/** One build of the browser script. */
export interface BrowserBuild {
  /** `<version>-<first 8 hexadecimal digits of the script's SHA-256>`. */
  name: string;
  files: Record<BrowserFile, { asset: Asset; integrity: string }>;
}

export interface BrowserFiles {
  /** The build that is served now, read again when it changes. null: there is none. */
  current(): Promise<BrowserBuild | null>;
  /** A build by its name, this one or one that was served before. null: unknown. */
  named(name: string): Promise<BrowserBuild | null>;
}

/** Whether a text may name a file of a build. */
export function isBrowserFile(name: string): name is BrowserFile {
  return (FILES as readonly string[]).includes(name);
}

/**
 * The browser script from memory. Sites pin a build by its hash, so whatever was served once is kept in `keptDir` and
 * goes on being served by later versions of the hub. `onError`: a build could not be kept; it is served all the same.
 */
export function createBrowserFiles({
  dir,
  keptDir,
  version,
  onError,
}: {
  dir: string;
  keptDir: string;
  version: string;
  onError(error: unknown): void;
}): BrowserFiles {
  const builds = new LRUCache<string, BrowserBuild>({ max: BUILDS_IN_MEMORY });
  let now: { made: number; build: Promise<BrowserBuild | null> } | undefined;

  async function load(): Promise<BrowserBuild | null> {
    const build = await read(dir, version).catch(() => null);
    if (build !== null) await keep(keptDir, build).catch(onError);
    return build;
  }

  async function current(): Promise<BrowserBuild | null> {
    const made = await stat(join(dir, 'vedette.js')).then(
      ({ mtimeMs }) => mtimeMs,
      () => -1,
    );
    if (now?.made !== made) now = { made, build: load() };
    return now.build;
  }

  return {
    current,
    async named(name) {
      const served = await current();
      if (served?.name === name) return served;
      if (!BUILD.test(name)) return null;
      let build = builds.get(name);
      if (build === undefined) {
        const found = await read(join(keptDir, name), name.slice(0, -9)).catch(() => null);
        // A file that was damaged is no longer what its name says.
        if (found?.name !== name) return null;
        build = found;
        builds.set(name, build);
      }
      return build;
    },
  };
}

async function read(dir: string, version: string): Promise<BrowserBuild> {
  const of = async (file: BrowserFile) => {
    const body = await readFile(join(dir, file));
    const integrity = `sha384-${createHash('sha384').update(body).digest('base64')}`;
    return { asset: createAsset(TYPES[file], body, true), integrity };
  };
  const files = { 'vedette.js': await of('vedette.js'), 'banner.css': await of('banner.css') };
  const hash = createHash('sha256').update(files['vedette.js'].asset.body).digest('hex').slice(0, 8);
  return { name: `${version}-${hash}`, files };
}

/** Writes a build beside the others, whole or not at all. */
async function keep(keptDir: string, { name, files }: BrowserBuild): Promise<void> {
  const target = join(keptDir, name);
  if (await stat(target).catch(() => null)) return;
  const draft = join(keptDir, `.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(draft, { recursive: true });
    for (const file of FILES) await writeFile(join(draft, file), files[file].asset.body);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process was faster.
    if ((await stat(target).catch(() => null)) === null) throw error;
  }
}
