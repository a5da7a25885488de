import { GenerationCache } from '../flow/generation-cache.ts';
import {
  ASN_ATTRIBUTION,
  bundledFiles,
  type DataSource,
  DBIP_ATTRIBUTION,
  type FileContents,
  once,
  readDataFile,
} from './geo-files.ts';
import { Mmdb } from './mmdb.ts';
import { type MmdbValue, textAt, valueAt } from './mmdb-decoder.ts';
import { type AsEntry, AsnRanges } from './network-csv.ts';

const SYSTEMS_KEPT = 200_000;
const RECORDS_TRIED = 1_000;

/** Which autonomous system addresses belong to. Equal answers of one file are the same frozen object. */
export interface AsnDatabase {
  /** System of an IPv4 address as an unsigned 32-bit number, null when none is known. */
  find4(address: number): AsEntry | null;
  /** System of an IPv6 address as four words, null when none is known. */
  find6(words: Uint32Array): AsEntry | null;
  /** Reads the file for IPv6 now, which is otherwise read when the first such address comes. */
  preload(): void;
  sources(): DataSource[];
}

export interface AsnPaths {
  /** CSV (`first,last,asn,name`) for IPv4, or an MMDB for IPv4 or both; without it what comes with the install. */
  v4?: string | undefined;
  /** CSV or MMDB for IPv6; without it `v4` where that holds both families, else what comes with the install. */
  v6?: string | undefined;
  /** Files read already, by path. */
  contents?: FileContents | undefined;
  /** Told once per file when a record cannot be read; the address then has no network. */
  onFault?: ((error: unknown) => void) | undefined;
}

interface AsnFile {
  find4(address: number): AsEntry | null;
  find6(words: Uint32Array): AsEntry | null;
  holds6: boolean;
  source: DataSource;
}

/**
 * Opens the AS numbers. The bundled IPv6 file is read at its first use. Throws Fault `geo-data-missing` or
 * `geo-data-broken`, naming the file and the reason.
 */
export function openAsnDatabase(paths: AsnPaths = {}): AsnDatabase {
  const { contents, onFault = () => {} } = paths;
  const own4 = paths.v4 ? openFile(readDataFile(paths.v4, contents), paths.v4, 4, onFault, true) : null;
  const own6 = paths.v6
    ? openFile(readDataFile(paths.v6, contents), paths.v6, 6, onFault, true)
    : own4?.holds6
      ? own4
      : null;
  const bundled = own4 && own6 ? null : bundledFiles();
  const dated = (file: AsnFile): AsnFile => {
    file.source = { ...file.source, built: bundled?.asnBuilt ?? 0, attribution: ASN_ATTRIBUTION };
    return file;
  };
  const path4 = bundled?.asn4 ?? '';
  const file4 = own4 ?? dated(openFile(readDataFile(path4, contents), path4, 4, onFault, false));
  const path6 = bundled?.asn6 ?? '';
  const lazy6 = once<AsnFile>(
    own6,
    () => dated(openFile(readDataFile(path6, contents), path6, 6, onFault, false)),
    onFault,
  );
  return {
    find4: (address) => file4.find4(address),
    find6: (words) => lazy6.get()?.find6(words) ?? null,
    preload: () => void lazy6.get(),
    sources: () => {
      const file6 = lazy6.opened();
      if (file6 === file4) return [{ ...file4.source, family: 'both' }];
      const unread: DataSource = {
        name: 'network',
        family: 'IPv6',
        path: path6,
        built: bundled?.asnBuilt ?? 0,
        attribution: ASN_ATTRIBUTION,
      };
      return [file4.source, file6?.source ?? unread];
    },
  };
}

/** `whole`: read it all now, since it is the operator's own and a fault in it should be known at the start. */
function openFile(
  bytes: Buffer,
  path: string,
  family: 4 | 6,
  onFault: (error: unknown) => void,
  whole: boolean,
): AsnFile {
  const source: DataSource = {
    name: 'network',
    family: family === 4 ? 'IPv4' : 'IPv6',
    path,
    built: 0,
    attribution: '',
  };
  if (!/\.csv$/i.test(path)) return openMmdb(bytes, source, onFault);
  const ranges = new AsnRanges(bytes, family, path);
  if (whole) ranges.readAll();
  const told = tellOnce(onFault);
  return {
    find4: (address) => (family === 4 ? told(() => ranges.find4(address)) : null),
    find6: (words) => (family === 6 ? told(() => ranges.find6(words)) : null),
    holds6: family === 6,
    source,
  };
}

/** Runs look-ups; one broken place in a file must not stop the traffic, and is told once, not per request. */
function tellOnce(onFault: (error: unknown) => void): (look: () => AsEntry | null) => AsEntry | null {
  let faulty = false;
  return (look) => {
    try {
      return look();
    } catch (error) {
      if (!faulty) onFault(error);
      faulty = true;
      return null;
    }
  };
}

function openMmdb(bytes: Buffer, source: DataSource, onFault: (error: unknown) => void): AsnFile {
  const database = new Mmdb(bytes, source.path);
  database.verify(RECORDS_TRIED);
  const known = new GenerationCache<number, AsEntry>(SYSTEMS_KEPT);
  let faulty = false;
  const at = (offset: number): AsEntry | null => {
    if (offset === 0) return null;
    let entry = known.get(offset);
    if (!entry) {
      try {
        entry = Object.freeze(systemOf(database.record(offset)));
      } catch (error) {
        // One broken record must not stop the traffic; it is told once, not per request.
        if (!faulty) onFault(error);
        faulty = true;
        return null;
      }
      known.set(offset, entry);
    }
    return entry.asn === 0 && entry.asOrg === '' ? null : entry;
  };
  const type = database.info.type;
  const attribution = /dbip|db-ip/i.test(type)
    ? DBIP_ATTRIBUTION
    : /^Geo(Lite|IP)/i.test(type)
      ? 'GeoLite data by MaxMind (https://www.maxmind.com)'
      : '';
  return {
    find4: (address) => at(database.find4(address)),
    find6: (words) => at(database.find6(words)),
    holds6: database.info.ipVersion === 6,
    source: { ...source, built: database.info.built, attribution },
  };
}

/** Reads a system from a record: GeoLite2-ASN, GeoIP2-ISP, DB-IP ASN, or `asn` / `as_number` with a name. */
export function systemOf(record: MmdbValue): AsEntry {
  const number = valueAt(record, 'autonomous_system_number') ?? valueAt(record, 'as_number') ?? valueAt(record, 'asn');
  const asn = typeof number === 'number' ? number : Number(String(number ?? '').replace(/^AS/i, ''));
  const asOrg =
    textAt(record, 'autonomous_system_organization') ||
    textAt(record, 'as_organization') ||
    textAt(record, 'as_name') ||
    textAt(record, 'organization');
  return { asn: Number.isInteger(asn) && asn > 0 ? asn : 0, asOrg, isp: textAt(record, 'isp') };
}
