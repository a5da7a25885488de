import { createWriteStream } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../model/causes.ts';
import { Fault } from '../model/fault.ts';
import { UPDATED_ASN_FILE, UPDATED_PLACE_FILE } from './enricher.ts';
import { placeOf } from './geo.ts';
import { Mmdb } from './mmdb.ts';
import type { MmdbValue } from './mmdb-decoder.ts';
import { systemOf } from './network.ts';

const BASE_URL = 'https://download.db-ip.com/free';
const MAX_BYTES = 1024 ** 3;
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000;
const RECORDS_TRIED = 20_000;
/** Resolvers everybody knows: data without a word on any of them is not what it says it is. */
const PROBES = [0x08080808, 0x01010101, 0x09090909];
const STATE_FILE = 'geo-update.json';

interface Product {
  name: 'place' | 'network';
  product: string;
  file: string;
  leastBytes: number;
  answers(record: MmdbValue): boolean;
}

const PRODUCTS: readonly Product[] = [
  {
    name: 'place',
    product: 'dbip-city-lite',
    file: UPDATED_PLACE_FILE,
    leastBytes: 20_000_000,
    answers: (record) => placeOf(record).country !== '',
  },
  {
    name: 'network',
    product: 'dbip-asn-lite',
    file: UPDATED_ASN_FILE,
    leastBytes: 2_000_000,
    answers: (record) => systemOf(record).asn > 0,
  },
];

/** The part of the guarded client that is needed. */
export interface GeoFetcher {
  open(
    url: string,
    options: { raw: boolean; maxBytes: number; timeoutMs: number },
  ): Promise<{ status: number; body: Readable }>;
}

export interface GeoUpdateOptions {
  /** Where fresh data is kept; made when missing. */
  dir: string;
  fetcher: GeoFetcher;
  log: (line: string) => void;
  /** DB-IP's free downloads unless told (a mirror, a test). */
  baseUrl?: string | undefined;
  /** The day it is, ms since the epoch; decides the month asked for. */
  now?: number | undefined;
  /** Share of the usual least size that is still accepted; 1 unless told. */
  sizeScale?: number | undefined;
}

/** What became of one file. A failure leaves the data as it was. */
export interface GeoUpdateOutcome {
  name: 'place' | 'network';
  status: 'updated' | 'current' | 'failed';
  path: string;
  /** When the data in place was made, ms since the epoch; 0 when there is none. */
  built: number;
  /** Why it failed, or what was done, for people. */
  detail: string;
}

/**
 * Downloads this month's DB-IP City Lite and ASN Lite (CC BY 4.0), or last month's while this one's is not out, checks
 * them (they open, every part of the tree is sound, are newer and not smaller than half of what is there, know
 * well-known addresses) and puts them in place at once; the version before stays beside as `.previous`. One outcome a
 * file; faults of the network or the data are outcomes, not thrown. Throws only when `dir` cannot be made.
 */
export async function updateGeoData(options: GeoUpdateOptions): Promise<GeoUpdateOutcome[]> {
  await mkdir(options.dir, { recursive: true });
  const outcomes: GeoUpdateOutcome[] = [];
  for (const product of PRODUCTS) {
    const path = join(options.dir, product.file);
    const outcome = await updateOne(options, product, path).catch(
      async (error: unknown): Promise<GeoUpdateOutcome> => ({
        name: product.name,
        status: 'failed',
        path,
        built: (await openCurrent(path))?.info.built ?? 0,
        detail: `${messageOf(error)}; the data in use stays as it is`,
      }),
    );
    options.log(`${product.name}: ${outcome.status}: ${outcome.detail}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function updateOne(options: GeoUpdateOptions, product: Product, path: string): Promise<GeoUpdateOutcome> {
  const base = options.baseUrl ?? BASE_URL;
  const state = await readState(options.dir);
  const current = await openCurrent(path);
  for (const month of months(options.now ?? Date.now())) {
    const url = `${base}/${product.product}-${month}.mmdb.gz`;
    const done = (status: 'updated' | 'current', built: number, detail: string): GeoUpdateOutcome => ({
      name: product.name,
      status,
      path,
      built,
      detail,
    });
    if (current && state[product.file] === url) return done('current', current.info.built, `already has ${month}`);
    const part = join(options.dir, `.${product.file}.${process.pid}.part`);
    try {
      options.log(`${product.name}: fetching ${url}`);
      if (!(await download(options.fetcher, url, part))) continue;
      const fresh = await verify(part, product, current, options.sizeScale ?? 1);
      await replace(part, path, options.dir);
      await writeFile(join(options.dir, STATE_FILE), `${JSON.stringify({ ...state, [product.file]: url }, null, 2)}\n`);
      return done('updated', fresh, `${month}, made ${new Date(fresh).toISOString().slice(0, 10)}`);
    } finally {
      await rm(part, { force: true });
    }
  }
  throw new Fault('geo-update-missing', `${base} has ${product.product} neither for this month nor for the last`);
}

/** This month and the one before, as `YYYY-MM` in UTC. */
function months(now: number): string[] {
  const date = new Date(now);
  const month = (back: number): string =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  return [month(0), month(1)];
}

/** Fetches and unpacks one file; false when it does not exist. */
async function download(fetcher: GeoFetcher, url: string, part: string): Promise<boolean> {
  const { status, body } = await fetcher.open(url, { raw: true, maxBytes: MAX_BYTES, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  if (status !== 200) {
    body.on('error', () => {}).destroy();
    if (status === 404) return false;
    throw new Fault('geo-update-refused', `${url} answered with status ${status}`);
  }
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > MAX_BYTES) done(new Fault('geo-update-too-large', `${url} unpacks to more than ${MAX_BYTES} bytes`));
      else done(null, chunk);
    },
  });
  try {
    await pipeline(body, createGunzip(), limit, createWriteStream(part, { mode: 0o644 }));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('geo-update-broken', `${url} could not be unpacked: ${(error as Error).message}`, { cause: error });
  }
  return true;
}

/** Checks a fresh file against the one in use and answers when it was made. Throws Fault with the reason. */
async function verify(part: string, product: Product, current: Current | null, scale: number): Promise<number> {
  const bytes = await readFile(part);
  const name = product.product;
  const least = Math.max(product.leastBytes * scale, (current?.size ?? 0) / 2);
  if (bytes.length < least) {
    throw new Fault('geo-update-broken', `${name} has only ${bytes.length} bytes, ${Math.round(least)} are expected`);
  }
  const database = new Mmdb(bytes, name);
  database.checkTree();
  if (database.verify(RECORDS_TRIED) === 0) throw new Fault('geo-update-broken', `${name} holds no records`);
  if (current && database.info.built < current.info.built) {
    throw new Fault('geo-update-older', `${name} is older than the data in use`);
  }
  const known = PROBES.some((address) => {
    const offset = database.find4(address);
    return offset !== 0 && product.answers(database.record(offset));
  });
  if (!known) throw new Fault('geo-update-broken', `${name} knows none of the well-known addresses tried`);
  return database.info.built;
}

/** Puts a checked file in place. At every moment the path holds the old or the new one, whole. */
async function replace(part: string, path: string, dir: string): Promise<void> {
  const handle = await open(part, 'r+');
  await handle.sync().finally(() => handle.close());
  const keep = `${path}.keep`;
  await rm(keep, { force: true });
  const had = await link(path, keep).then(
    () => true,
    () => false,
  );
  if (had) await rename(keep, `${path}.previous`);
  await rename(part, path);
  const directory = await open(dir, 'r');
  await directory
    .sync()
    // Some file systems cannot sync a directory; the rename is then as durable as they make it.
    .catch(() => {})
    .finally(() => directory.close());
}

interface Current {
  info: { built: number };
  size: number;
}

/** The file in use, null when there is none or it cannot be opened. */
async function openCurrent(path: string): Promise<Current | null> {
  try {
    const { size } = await stat(path);
    return { info: new Mmdb(await readFile(path), path).info, size };
  } catch {
    return null;
  }
}

async function readState(dir: string): Promise<Record<string, string>> {
  try {
    const state: unknown = JSON.parse(await readFile(join(dir, STATE_FILE), 'utf8'));
    return typeof state === 'object' && state !== null ? (state as Record<string, string>) : {};
  } catch {
    return {};
  }
}
