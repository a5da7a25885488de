import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type EnricherOptions, UPDATED_ASN_FILE, UPDATED_PLACE_FILE } from './enricher-options.ts';
import { bundledFiles, type FileContents } from './geo-files.ts';

/**
 * Reads the files that every enricher with these options opens first into memory that threads share, by path. What
 * cannot be read is left out: opening it tells why.
 */
export async function readSharedFiles(options: EnricherOptions): Promise<FileContents> {
  const contents = new Map<string, Uint8Array<SharedArrayBuffer>>();
  const read = async (path: string): Promise<void> => {
    const bytes = await sharedBytes(path).catch(() => null);
    if (bytes !== null) contents.set(path, bytes);
  };
  await Promise.all(firstPaths(options).map(read));
  return contents;
}

function firstPaths({ geoPath, asnPath, updateDir }: EnricherOptions): string[] {
  const updated = (name: string): string | undefined => {
    const path = updateDir === undefined ? '' : join(updateDir, name);
    return path !== '' && existsSync(path) ? path : undefined;
  };
  const place = geoPath || updated(UPDATED_PLACE_FILE);
  const asn = asnPath || updated(UPDATED_ASN_FILE);
  if (place !== undefined && asn !== undefined) return [place, asn];
  try {
    const bundled = bundledFiles();
    return [place ?? bundled.place4, asn ?? bundled.asn4];
  } catch {
    return [];
  }
}

async function sharedBytes(path: string): Promise<Uint8Array<SharedArrayBuffer> | null> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return null;
    const bytes = new Uint8Array(new SharedArrayBuffer(stats.size));
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) return null;
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
