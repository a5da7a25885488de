import { join } from 'node:path';
import type { Config } from './config.ts';
import { cleanDeadLetters } from './dead-letters.ts';
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
    erasures: (tenantId, limit, before) => records.forTenant(tenantId).erasures.list(limit, before),
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
      erase: (needles) =>
        cleanDeadLetters(join(dir, 'dead'), {
          holds: (bytes) => holdsAny(bytes, needles),
          cut: (bytes) => without(bytes, needles),
        }),
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
