import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../model/fault.ts';
import { MOST_IDS, type PersonIds, type PersonPlace } from '../stores/person-places.ts';
import type { Erasure, TenantErasures } from '../stores/records-erasures.ts';
import type { Texts } from '../stores/texts.ts';
import type { ErasedIds } from './erased-ids.ts';

/** Batches are on their way for less than that, and every process has heard of an erasure. */
const SETTLE_MS = 2000;
/** What came in between is deleted again, so often. */
const ROUNDS = 3;

/** What is not in the engines: spool, dead letters, broker. */
export interface LyingPlace {
  name: string;
  /** Takes away what can be taken away; answers with the number of rows. */
  erase(needles: readonly string[]): Promise<number>;
  /** Batches that still hold one of the needles. */
  search(needles: readonly string[]): Promise<number>;
}

export interface PersonTools {
  tenantId: string;
  erasures: TenantErasures;
  places: readonly PersonPlace[];
  /** All texts of the engines, to prove that nothing is left. */
  texts: readonly Texts[];
  lying: readonly LyingPlace[];
  erasedIds: ErasedIds;
  settleMs?: number;
  now?: () => number;
}

/** One thing that is kept of a person. */
export interface PersonRecord {
  place: string;
  what: string;
  record: Record<string, unknown>;
}

/** Everything that is kept under the ids, and under those that the evidence has together with them; place by place. */
export async function* exportPerson(asked: PersonIds, tools: PersonTools): AsyncGenerator<PersonRecord> {
  const ids = await everyId(asked, tools);
  for (const place of tools.places) {
    for await (const record of place.export(ids)) yield { place: place.name, what: place.what, record };
  }
}

/**
 * Erases everything that is kept under the ids: first what comes under them is turned away everywhere, then each place
 * deletes it, also from the disk, then every table of both engines and what is on its way is searched for them. The
 * answer says what was found; it is remembered without the ids. `repeated`: the first erasure under one of them.
 */
export async function erasePerson(
  asked: PersonIds,
  tools: PersonTools,
): Promise<Erasure & { repeated: string | null }> {
  const { tenantId, erasures, erasedIds, places, lying, settleMs = SETTLE_MS, now = Date.now } = tools;
  const askedAt = now();
  const ids = await everyId(asked, tools);
  const needles = [...ids.proofs, ...ids.visitors];
  const hashes = needles.map((id) => erasedIds.hash(tenantId, id));
  const repeated = await erasures.known(hashes);
  const id = erasures.newId(askedAt);
  await erasures.remember(id, hashes, askedAt);
  await erasedIds.refresh();
  await sleep(settleMs);
  const erased = new Map<string, number>();
  let engines: Erasure['searched'] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let rows = 0;
    for (const place of places) rows += await note(erased, place.name, place.erase(ids));
    engines = await searchEngines(needles, tools);
    // What is found and not erased is not this tenant's.
    if (rows === 0 || engines.every(({ found }) => found === 0)) break;
  }
  for (const place of lying) await note(erased, place.name, place.erase(needles));
  const { searched: rest, whole } = await searchLying(needles, tools);
  const searched = [...engines, ...rest];
  const complete = whole && searched.every(({ found }) => found === 0);
  const erasure = { id, askedAt, erased: [...erased].map(([place, rows]) => ({ place, rows })), searched, complete };
  await erasures.record(erasure);
  return { ...erasure, repeated };
}

async function everyId(asked: PersonIds, { erasures }: PersonTools): Promise<PersonIds> {
  let ids = asked;
  for (;;) {
    const more = await erasures.linked(ids);
    if (more.proofs.length + more.visitors.length > MOST_IDS) {
      throw new Fault('too-many-ids', `more than ${MOST_IDS} ids belong together; that is no one person’s`);
    }
    if (more.proofs.length === ids.proofs.length && more.visitors.length === ids.visitors.length) return more;
    ids = more;
  }
}

async function note(erased: Map<string, number>, name: string, deletion: Promise<number>): Promise<number> {
  const rows = await deletion;
  erased.set(name, (erased.get(name) ?? 0) + rows);
  return rows;
}

async function searchEngines(needles: readonly string[], { texts }: PersonTools): Promise<Erasure['searched']> {
  const searched: Erasure['searched'] = [];
  const { signal } = new AbortController();
  for (const store of texts) {
    for await (const { table, found } of store.search(needles, signal)) {
      searched.push({ place: `${store.engine} ${table}`, found });
    }
  }
  return searched;
}

/** `whole`: false where a place could not be searched to its end, which its name then says. */
async function searchLying(
  needles: readonly string[],
  { lying }: PersonTools,
): Promise<{ searched: Erasure['searched']; whole: boolean }> {
  const searched: Erasure['searched'] = [];
  let whole = true;
  for (const { name, search } of lying) {
    try {
      searched.push({ place: name, found: await search(needles) });
    } catch (error) {
      whole = false;
      searched.push({ place: `${name}, not searched to its end: ${(error as Error).message}`, found: 0 });
    }
  }
  return { searched, whole };
}
