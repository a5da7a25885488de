import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Engines } from './engines.ts';
import type { PersonDesk } from './expose/ports.ts';
import { readSpool } from './flow/spool-reader.ts';
import { kafkaPlaceOf } from './pipeline.ts';
import type { ErasedIds } from './privacy/erased-ids.ts';
import { erasePerson, exportPerson, type LyingPlace, type PersonTools } from './privacy/person.ts';
import { keepRows, textColumn } from './stores/native-rows.ts';
import { lookIntoKafka } from './stores/stream.ts';

/** A broker that holds more than can be read in that time is not searched to its end. */
const KAFKA_MS = 120_000;
const MOST_LISTED = 200;

/** Exports and erases what is kept of a person. */
export function createPersonDesk(config: Config, { records, requests }: Engines, erasedIds: ErasedIds): PersonDesk {
  const toolsFor = (tenantId: string): PersonTools => {
    const { erasures } = records.forTenant(tenantId);
    return {
      tenantId,
      erasures,
      places: [...erasures.places(), ...requests.personPlaces(tenantId)],
      texts: [requests.texts, records.unscoped.texts],
      lying: lyingPlaces(config),
      erasedIds,
    };
  };
  return {
    export: (tenantId, ids) => exportPerson(ids, toolsFor(tenantId)),
    erase: (tenantId, ids) => erasePerson(ids, toolsFor(tenantId)),
    erasures: (tenantId) => records.forTenant(tenantId).erasures.list(MOST_LISTED),
  };
}

function lyingPlaces(config: Config): LyingPlace[] {
  const dir = join(config.data, 'spool');
  const place = kafkaPlaceOf(config);
  const places: LyingPlace[] = [
    // What waits is stored without the rows; a batch is not cut again while it waits.
    { name: 'spool', erase: async () => 0, search: (needles) => searchSpool(dir, false, needles) },
    {
      name: 'dead letters',
      erase: (needles) => cleanDeadLetters(join(dir, 'dead'), needles),
      search: (needles) => searchSpool(dir, true, needles),
    },
  ];
  if (place !== null) {
    places.push({
      name: 'Kafka',
      erase: async () => 0,
      async search(needles) {
        let found = 0;
        for await (const { batch } of lookIntoKafka(place, AbortSignal.timeout(KAFKA_MS))) {
          const read = await batch().catch(() => null);
          if (read !== null && holdsAny(read.bytes, needles)) found += 1;
        }
        return found;
      },
    });
  }
  return places;
}

function holdsAny(bytes: Buffer, needles: readonly string[]): boolean {
  return needles.some((needle) => bytes.includes(needle));
}

async function searchSpool(dir: string, dead: boolean, needles: readonly string[]): Promise<number> {
  let found = 0;
  for await (const { name, bytes } of readSpool(dir)) {
    if (name.startsWith('dead') === dead && holdsAny(bytes, needles)) found += 1;
  }
  return found;
}

/** Takes the rows out of dead letters; what is damaged and holds them goes as a whole. */
async function cleanDeadLetters(dir: string, needles: readonly string[]): Promise<number> {
  let rows = 0;
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name);
    const text = await readFile(path);
    const letter = name.endsWith('.json') ? parse(text.toString('utf8')) : null;
    const bytes = letter === null ? text : Buffer.from(letter.body, 'base64');
    if (!holdsAny(bytes, needles)) continue;
    const cut = letter === null ? null : without(bytes, needles);
    if (letter === null || cut === null) {
      await rm(path, { force: true });
      rows += 1;
      continue;
    }
    rows += cut.dropped;
    const draft = `${path}.part`;
    await writeFile(draft, JSON.stringify({ ...letter, body: cut.bytes.toString('base64') }), {
      mode: 0o600,
      flush: true,
    });
    await rename(draft, path);
  }
  return rows;
}

function parse(text: string): { body: string; [more: string]: unknown } | null {
  try {
    const letter = JSON.parse(text) as { body?: unknown } | null;
    return typeof letter?.body === 'string' ? (letter as { body: string }) : null;
  } catch {
    return null;
  }
}

/** The block without rows of these visitors; null where it is no block, or holds them elsewhere too. */
function without(bytes: Buffer, needles: readonly string[]): { bytes: Buffer; dropped: number } | null {
  try {
    const visitors = textColumn(bytes, 'visitor_id');
    if (visitors === null) return null;
    const isTheirs = visitors.map((visitor) => needles.includes(visitor.toString('latin1')));
    const kept = keepRows(bytes, (row) => isTheirs[row] !== true);
    return holdsAny(kept, needles) ? null : { bytes: kept, dropped: isTheirs.filter(Boolean).length };
  } catch {
    return null;
  }
}
