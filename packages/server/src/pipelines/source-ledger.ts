import { type SourceBook, type SourceNote, softwareOf, sourceText } from '../model/source.ts';
import type { SourceTally } from '../stores/records.ts';

/** Sources of one tenant noted between two writes; what is beyond counts under one name. */
const MOST_NAMES = 200;
const OTHERS = 'others';
/** Processes of one source that tell their counters between two writes; more are left out until the next. */
const MOST_COUNTERS = 100;

export interface SourceLedger extends SourceBook {
  /** Writes what was noted: of one tenant, or of all. What cannot be written is kept for the next time. */
  flush(tenantId?: string): Promise<void>;
}

/**
 * Adds up in memory what sources do, and hands it to the store when told to. Nothing is lost to a store that is away
 * for a while: the next flush carries it.
 */
export function createSourceLedger(
  add: (tenantId: string, tallies: readonly SourceTally[]) => Promise<void>,
): SourceLedger {
  const tenants = new Map<string, Map<string, SourceTally>>();
  let writing: Promise<void> = Promise.resolve();

  function tallyOf(tenantId: string, note: SourceNote): SourceTally | null {
    const { kind, agent } = note.sender;
    if (kind === 'file') return null;
    let tallies = tenants.get(tenantId);
    if (tallies === undefined) {
      tallies = new Map();
      tenants.set(tenantId, tallies);
    }
    const software = softwareOf(agent);
    let name = sourceText(note.sender.name);
    let key = `${kind} ${software} ${name}`;
    if (!tallies.has(key) && tallies.size >= MOST_NAMES) {
      name = OTHERS;
      key = `${kind} ${OTHERS}`;
    }
    const known = tallies.get(key);
    if (known !== undefined) return known;
    const fresh: SourceTally = {
      kind,
      name,
      software: name === OTHERS ? '' : software,
      agent: '',
      firstSeen: note.at,
      lastSeen: note.at,
      firstRequest: null,
      requests: 0,
      refused: 0,
      counters: {},
      lagMs: null,
      skewMs: null,
      error: null,
    };
    tallies.set(key, fresh);
    return fresh;
  }

  /** Puts back what could not be written, under what has been noted since. */
  function restore(tenantId: string, tallies: Map<string, SourceTally>): void {
    const since = tenants.get(tenantId) ?? new Map<string, SourceTally>();
    for (const [key, tally] of since) {
      const earlier = tallies.get(key);
      if (earlier === undefined) tallies.set(key, tally);
      else join(earlier, tally);
    }
    tenants.set(tenantId, tallies);
  }

  async function write(only: string | undefined): Promise<void> {
    const failures: unknown[] = [];
    for (const tenantId of only === undefined ? [...tenants.keys()] : [only]) {
      const tallies = tenants.get(tenantId);
      if (tallies === undefined) continue;
      tenants.delete(tenantId);
      try {
        await add(tenantId, [...tallies.values()]);
      } catch (error) {
        restore(tenantId, tallies);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    note(tenantId, note) {
      const tally = tallyOf(tenantId, note);
      if (tally === null) return;
      const { agent, sentAt, dropped, instance } = note.sender;
      join(tally, {
        ...tally,
        agent: sourceText(agent),
        firstSeen: note.at,
        lastSeen: note.at,
        firstRequest: note.accepted > 0 ? note.at : null,
        requests: note.accepted,
        refused: note.refused,
        counters: dropped === null ? {} : { [sourceText(instance)]: { count: dropped, at: note.at } },
        lagMs: note.newest === null ? null : note.at - note.newest,
        skewMs: sentAt === null ? null : sentAt - note.at,
        error: note.error === '' ? null : { text: note.error, at: note.at },
      });
    },
    flush(tenantId) {
      // One after the other, so that what is put back cannot cross what is written.
      const work = writing.then(() => write(tenantId));
      writing = work.catch(() => undefined);
      return work;
    },
  };
}

/** Adds a later tally to an earlier one. */
function join(into: SourceTally, later: SourceTally): void {
  into.agent = later.agent;
  into.firstSeen = Math.min(into.firstSeen, later.firstSeen);
  into.lastSeen = Math.max(into.lastSeen, later.lastSeen);
  into.firstRequest ??= later.firstRequest;
  into.requests += later.requests;
  into.refused += later.refused;
  into.counters = boundedCounters({ ...into.counters, ...later.counters });
  into.lagMs = later.lagMs ?? into.lagMs;
  into.skewMs = later.skewMs ?? into.skewMs;
  into.error = later.error ?? into.error;
}

function boundedCounters(counters: SourceTally['counters']): SourceTally['counters'] {
  const entries = Object.entries(counters);
  return entries.length <= MOST_COUNTERS ? counters : Object.fromEntries(entries.slice(0, MOST_COUNTERS));
}
