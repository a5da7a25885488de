import { GenerationCache } from '../flow/generation-cache.ts';
import { NO_PLACE, type Place } from '../model/enrichment.ts';
import { bundledFiles, type DataSource, DBIP_ATTRIBUTION, type FileContents, once, readDataFile } from './geo-files.ts';
import { Mmdb } from './mmdb.ts';
import { type MmdbValue, textAt, valueAt } from './mmdb-decoder.ts';

/** Distinct places kept; the bundled data has about 300,000, and a site sees few of them. */
const PLACES_KEPT = 200_000;
/** Records decoded when a file is opened: enough to notice a broken data section, too few to delay a start. */
const RECORDS_TRIED = 1_000;

/** Where addresses are. Answers are frozen, and equal answers are the same object. */
export interface PlaceDatabase {
  /** Place of an IPv4 address as an unsigned 32-bit number. */
  place4(address: number): Place;
  /** Place of an IPv6 address as four words. */
  place6(words: Uint32Array): Place;
  /** Reads the file for IPv6 now, which is otherwise read when the first such address comes. */
  preload(): void;
  sources(): DataSource[];
}

export interface PlacePaths {
  /** An MMDB for IPv4 or for both families; without it the file that comes with the install. */
  v4?: string | undefined;
  /** An MMDB for IPv6; without it `v4` where that holds both families, else the file that comes with the install. */
  v6?: string | undefined;
  /** Files read already, by path. */
  contents?: FileContents | undefined;
  /** Told once per file when a record cannot be read; the address then has no place. */
  onFault?: ((error: unknown) => void) | undefined;
}

/**
 * Opens the place data. Layouts understood: GeoLite2/GeoIP2 City and Country, DB-IP City, and flat ones
 * (`country_code`, `state1`, `city`). The bundled IPv6 file is read at its first use. Throws Fault `geo-data-missing`
 * or `geo-data-broken`, naming the file and the reason.
 */
export function openPlaceDatabase(paths: PlacePaths = {}): PlaceDatabase {
  const intern = new PlaceIntern();
  const onFault = paths.onFault ?? (() => {});
  const open = (path: string): PlaceFile => new PlaceFile(readDataFile(path, paths.contents), path, intern, onFault);
  const own4 = paths.v4 ? open(paths.v4) : null;
  const own6 = paths.v6 ? open(paths.v6) : own4?.holds6 ? own4 : null;
  const file4 = own4 ?? open(bundledFiles().place4);
  const path6 = own6?.path ?? bundledFiles().place6;
  const lazy6 = once<PlaceFile>(own6, () => open(path6), onFault);
  return {
    place4: (address) => file4.at(file4.database.find4(address)),
    place6: (words) => {
      const file6 = lazy6.get();
      return file6 ? file6.at(file6.database.find6(words)) : NO_PLACE;
    },
    preload: () => void lazy6.get(),
    sources: () => {
      const file6 = lazy6.opened();
      if (file6 === file4) return [sourceOf(file4, 'both', own4 !== null)];
      const second: DataSource = file6
        ? sourceOf(file6, 'IPv6', own6 !== null)
        : { ...sourceOf(file4, 'IPv6', false), path: path6, built: 0 };
      return [sourceOf(file4, 'IPv4', own4 !== null), second];
    },
  };
}

function sourceOf(file: PlaceFile, family: DataSource['family'], own: boolean): DataSource {
  const dbip = !own || /dbip|db-ip/i.test(file.database.info.type);
  const maxmind = /^Geo(Lite|IP)/i.test(file.database.info.type);
  const attribution = dbip ? DBIP_ATTRIBUTION : maxmind ? 'GeoLite data by MaxMind (https://www.maxmind.com)' : '';
  return { name: 'place', family, path: file.path, built: file.database.info.built, attribution };
}

/** One object for each distinct place, across files and reloads of a cache. */
class PlaceIntern {
  readonly #places = new GenerationCache<string, Place>(PLACES_KEPT);

  of(country: string, region: string, city: string): Place {
    if (country === '' && region === '' && city === '') return NO_PLACE;
    const key = `${country}\n${region}\n${city}`;
    let place = this.#places.get(key);
    if (!place) {
      place = Object.freeze({ country, region, city });
      this.#places.set(key, place);
    }
    return place;
  }
}

class PlaceFile {
  readonly path: string;
  readonly database: Mmdb;
  readonly #intern: PlaceIntern;
  readonly #byOffset = new GenerationCache<number, Place>(PLACES_KEPT);
  readonly #onFault: (error: unknown) => void;
  #faulty = false;

  constructor(bytes: Buffer, path: string, intern: PlaceIntern, onFault: (error: unknown) => void) {
    this.path = path;
    this.database = new Mmdb(bytes, path);
    this.database.verify(RECORDS_TRIED);
    this.#intern = intern;
    this.#onFault = onFault;
  }

  get holds6(): boolean {
    return this.database.info.ipVersion === 6;
  }

  at(offset: number): Place {
    if (offset === 0) return NO_PLACE;
    const known = this.#byOffset.get(offset);
    if (known) return known;
    const place = this.#decode(offset);
    this.#byOffset.set(offset, place);
    return place;
  }

  #decode(offset: number): Place {
    try {
      const { country, region, city } = placeOf(this.database.record(offset));
      return this.#intern.of(country, region, city);
    } catch (error) {
      // One broken record must not stop the traffic; it is told once, not per request.
      if (!this.#faulty) this.#onFault(error);
      this.#faulty = true;
      return NO_PLACE;
    }
  }
}

/** Reads a place from a record of any layout understood. */
export function placeOf(record: MmdbValue): Place {
  const code = textAt(record, 'country', 'iso_code') || textAt(record, 'country_code') || textAt(record, 'country');
  const country = code.toUpperCase();
  return {
    // ZZ and the like are user-assigned codes that say "unknown".
    country: /^[A-Z]{2}$/.test(country) && country !== 'ZZ' ? country : '',
    region: nameAt(record, 'subdivisions', 0) || textAt(record, 'state1') || textAt(record, 'region'),
    city: nameAt(record, 'city') || textAt(record, 'city'),
  };
}

/** The English name of a GeoIP2 element, else the first name it has. */
function nameAt(record: MmdbValue, ...path: (string | number)[]): string {
  const english = textAt(record, ...path, 'names', 'en');
  if (english !== '') return english;
  const names = valueAt(record, ...path, 'names');
  if (typeof names !== 'object' || names instanceof Uint8Array || Array.isArray(names)) return '';
  const first = Object.values(names)[0];
  return typeof first === 'string' ? first : '';
}
