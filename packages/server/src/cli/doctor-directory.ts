import { constants, existsSync } from 'node:fs';
import { access, lstat, mkdtemp, opendir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { explainPath, findKeyRing, missingDirectories, refuseContents } from '../data-directory.ts';
import { guardedFloor, guardedPaths } from '../disk-watch.ts';
import { readDisk } from '../flow/disk-guard.ts';
import { notedKeys } from '../key-note.ts';
import { counted } from '../model/counted.ts';
import { diskBounds } from '../model/disk.ts';
import { refuseOtherKey } from '../privacy/rotation.ts';
import { type Finding, refusals, refused, sizeText } from './finding.ts';

/** Entries that are counted at most, so that the doctor comes to an end on a data directory of millions of files. */
const MOST_ENTRIES = 500_000;
/** Of the parts of the data directory, those told of. */
const MOST_PARTS = 5;
/** Two clocks that differ by less are the same for all that the hub does. */
const SKEW_MS = 2000;
/** Before this release there was no Vedette, so a clock that says so is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Whether the data directory may be used, by nobody else, and whether a hub starts on what is in it. */
export async function checkDirectory(config: Config): Promise<Finding[]> {
  const { data, masterKeyFile } = config;
  const name = 'data directory';
  const unreachable = await refusals(name, () => missingDirectories(data));
  if (unreachable.length > 0) return unreachable;
  const existing = existingPart(data);
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const finding = refused(name, explainPath(existing, error));
    const { uid } = await stat(existing);
    if (uid === process.getuid?.()) return [finding];
    const advice = `run it as user ${uid}, whose it is, or give it to the user of the hub: chown -R ${userName()} ${existing}`;
    return [{ ...finding, advice }];
  }
  const inTheWay = await checkStart(config);
  if (existing !== data) return [{ name, state: 'good', detail: `${data} (made at the first start)` }, ...inTheWay];
  const findings: Finding[] = [{ name, state: 'good', detail: data }];
  const closed: [string, string, number][] = [
    [name, data, 0o077],
    ['master key', masterKeyFile ?? join(data, 'master.key'), 0o077],
    ['control socket', join(data, 'control.sock'), 0o077],
  ];
  for (const [what, path, mask] of closed) findings.push(...(await checkClosed(what, path, mask)));
  const dead = (await readdir(join(data, 'spool', 'dead')).catch(() => [])).length;
  if (dead > 0) {
    const detail = `${counted(dead, 'batch was', 'batches were')} never stored: spool/dead`;
    const advice = 'the .json beside each says why; keep them for a mended version, or move them away';
    findings.push({ name: 'dead letters', state: 'warning', detail, advice });
  }
  return [...findings, ...inTheWay];
}

/** What lies there, and the key that opens it, by the checks of a start. */
async function checkStart({ data, masterKeyFile, databaseUrl }: Config): Promise<Finding[]> {
  return [
    ...(await refusals('data directory', () => refuseContents(data))),
    ...(await refusals('master key', async () => {
      const ring = await findKeyRing(data, masterKeyFile);
      if (ring !== null && databaseUrl === undefined) refuseOtherKey(ring, await notedKeys(data));
    })),
  ];
}

async function checkClosed(name: string, path: string, mask: number): Promise<Finding[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  const findings: Finding[] = [];
  if ((found.mode & mask) !== 0) {
    const mode = (found.mode & 0o777).toString(8);
    const advice = `chmod ${(found.mode & 0o777 & ~mask).toString(8)} ${path}`;
    findings.push({ name, state: 'warning', detail: `other users can get at ${path} (mode ${mode})`, advice });
  }
  const user = process.getuid?.();
  if (user !== undefined && user !== 0 && found.uid !== user) {
    const detail = `${path} belongs to user ${found.uid}, and this is user ${user}`;
    findings.push({ name, state: 'bad', detail, advice: `run it as that user, or chown -R ${user} ${path}` });
  }
  return findings;
}

/** The disks by the bounds of the guard, and what of the data directory takes the room. */
export async function checkDisk(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  const seen = new Set<number>();
  for (const path of guardedPaths(config)) {
    const { free, size, device } = await readDisk(existingPart(path));
    if (seen.has(device)) continue;
    seen.add(device);
    const { warn, stop } = diskBounds(size, { warn: config.diskWarn, stop: config.diskStop }, guardedFloor(config));
    const detail =
      `${path}: ${sizeText(free)} of ${sizeText(size)} free; ` +
      `warns below ${sizeText(warn)}, takes nothing in below ${sizeText(stop)}`;
    if (free >= warn) findings.push({ name: 'disk', state: 'good', detail });
    else {
      const advice = 'shorten the retention, delete tenants that left, or make the disk larger (docs/operating.md)';
      findings.push({ name: 'disk', state: free < stop ? 'bad' : 'warning', detail, advice });
    }
    const { ffree, files } = await statfs(existingPart(path));
    if (files > 0 && ffree < files / 50) {
      const detail = `${path}: ${ffree} of ${files} files (inodes) left`;
      findings.push({
        name: 'disk',
        state: 'warning',
        detail,
        advice: 'remove files, or make a file system with more',
      });
    }
  }
  const parts = await partsOf(config.data);
  if (parts.length > 0) {
    const detail = parts.map(([name, bytes]) => `${name} ${sizeText(bytes)}`).join(', ');
    findings.push({ name: 'room', state: 'good', detail });
  }
  return findings;
}

/** The largest parts of the data directory with their bytes on disk. */
async function partsOf(data: string): Promise<[string, number][]> {
  const parts: [string, number][] = [];
  for (const name of await readdir(data).catch(() => [])) parts.push([name, await roomOf(join(data, name))]);
  return parts
    .filter(([, bytes]) => bytes > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_PARTS);
}

async function roomOf(path: string): Promise<number> {
  const waiting = [path];
  let bytes = 0;
  for (let count = 0; waiting.length > 0 && count < MOST_ENTRIES; count += 1) {
    const next = waiting.pop() as string;
    // Files come and go while one looks.
    const found = await lstat(next).catch(() => null);
    if (found === null) continue;
    bytes += found.blocks * 512;
    if (!found.isDirectory()) continue;
    try {
      for await (const entry of await opendir(next)) waiting.push(join(next, entry.name));
    } catch {
      // It has gone, or is another user's: what is not seen is not counted.
    }
  }
  return bytes;
}

/** This machine's clock, by reason and beside the one that stamps the files of the data directory. */
export async function checkClock({ data }: Config): Promise<Finding[]> {
  const name = 'clock';
  const now = Date.now();
  const detail = `${new Date(now).toISOString()}, zone ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  const advice = 'set it, and keep it set by NTP (chrony, systemd-timesyncd)';
  if (now < EARLIEST || now > LATEST) return [{ name, state: 'bad', detail, advice }];
  const skew = await fileSkew(existingPart(data));
  if (skew === null || Math.abs(skew) < SKEW_MS) return [{ name, state: 'good', detail }];
  return [clockFinding('that of the disk (a network file system?)', skew)];
}

/** A clock that is `skewMs` ahead of this machine's. */
export function clockFinding(whose: string, skewMs: number): Finding {
  const detail = `${whose} is ${Math.abs(Math.round(skewMs))} ms ${skewMs > 0 ? 'ahead of' : 'behind'} this machine’s`;
  if (Math.abs(skewMs) < SKEW_MS) return { name: 'clock', state: 'good', detail };
  return { name: 'clock', state: 'warning', detail, advice: 'keep both set by NTP; retention and sessions go by them' };
}

/** Ms by which the clock that stamps files there is ahead; null where none may be made. */
async function fileSkew(directory: string): Promise<number | null> {
  let made: string | null = null;
  try {
    made = await mkdtemp(join(directory, '.doctor-'));
    const before = Date.now();
    await writeFile(join(made, 'stamp'), '');
    const after = Date.now();
    const { mtimeMs } = await stat(join(made, 'stamp'));
    if (mtimeMs < before) return mtimeMs - before;
    return mtimeMs > after ? mtimeMs - after : 0;
  } catch {
    return null;
  } finally {
    if (made !== null) await rm(made, { recursive: true, force: true });
  }
}

/** The nearest directory above that is there. */
function existingPart(path: string): string {
  let existing = path;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  return existing;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return String(process.getuid?.() ?? '');
  }
}
