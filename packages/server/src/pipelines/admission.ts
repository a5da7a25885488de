import { endOfUtcDay, utcDay } from '../model/quota.ts';
import type { Refusal } from '../model/request.ts';
import type { StandingMap, UsageBook } from '../stores/records.ts';

/** Of so many writings, one also learns what other processes let in of tenants that sent nothing here. */
const LEARN_EVERY = 5;

/** How many of some requests are let in, and why the others are not. */
export interface Admitted {
  granted: number;
  /** null: all of them. */
  refusal: Refusal | null;
}

/**
 * Lets requests in, as the tenant's standing and its quota of the day have it. Asked once a delivery, from memory. What
 * was let in is counted here at once and written down every second, and the answer to that says what all processes let in:
 * together they may go beyond a quota by what comes to the others between two writings.
 */
export interface Admission {
  /** Counts what it grants. */
  take(tenantId: string, count: number): Admitted;
  /** Takes back what was granted and came to nothing. */
  giveBack(tenantId: string, count: number): void;
  /** Why nothing of the tenant is let in at the moment; null when something is. Counts nothing. */
  refusalOf(tenantId: string): Refusal | null;
  /** Counts what was let in after `refusalOf` was asked, such as the lines of a range of a file. */
  count(tenantId: string, count: number): void;
  /** Requests of the tenant that were let in today, as far as it is known here. */
  used(tenantId: string): number;
  /** Writes down what was counted, and learns what others have. */
  flush(): Promise<void>;
}

export interface AdmissionTools {
  standing: Pick<StandingMap, 'of' | 'isGone'>;
  usage: Pick<UsageBook, 'add' | 'of'>;
  now?: () => number;
}

/** Requests by tenant. */
type Counts = Map<string, number>;

/** Opens the counts of the day; rejects when the database does not answer. */
export async function openAdmission({ standing, usage, now = Date.now }: AdmissionTools): Promise<Admission> {
  let day = utcDay(now());
  let dayEnds = endOfUtcDay(now());
  /** What all processes let in today, as the database last answered. */
  let known: Counts = new Map();
  /** What was let in here and is not written down, by day; and what of it is being written. */
  let fresh = new Map<string, Counts>();
  let underWay = new Map<string, Counts>();
  let round = 0;
  let flushing: Promise<void> = Promise.resolve();

  function turnDay(): void {
    const time = now();
    if (time < dayEnds) return;
    day = utcDay(time);
    dayEnds = endOfUtcDay(time);
    known = new Map();
  }

  function add(tenantId: string, count: number): void {
    if (count === 0) return;
    turnDay();
    let counts = fresh.get(day);
    if (counts === undefined) {
      counts = new Map();
      fresh.set(day, counts);
    }
    addTo(counts, tenantId, count);
  }

  function used(tenantId: string): number {
    turnDay();
    const waiting = (fresh.get(day)?.get(tenantId) ?? 0) + (underWay.get(day)?.get(tenantId) ?? 0);
    return (known.get(tenantId) ?? 0) + waiting;
  }

  function closedTo(tenantId: string): Refusal | null {
    const found = standing.of(tenantId);
    if (found?.state === 'suspended') return suspended(found.slug);
    return found?.state === 'deleting' || standing.isGone(tenantId) ? deleted() : null;
  }

  function roomOf(tenantId: string): number {
    const most = standing.of(tenantId)?.quota.requests_per_day ?? null;
    return most === null ? Number.POSITIVE_INFINITY : Math.max(0, most - used(tenantId));
  }

  function exceeded(tenantId: string): Refusal {
    const { slug = '', quota } = standing.of(tenantId) ?? {};
    return quotaExceeded(slug, quota?.requests_per_day ?? 0, dayEnds);
  }

  async function write(): Promise<void> {
    turnDay();
    underWay = fresh;
    fresh = new Map();
    try {
      for (const [ofDay, counts] of underWay) {
        const totals = await usage.add(ofDay, counts);
        underWay.delete(ofDay);
        if (ofDay === day) for (const [tenantId, total] of totals) known.set(tenantId, total);
      }
    } finally {
      for (const [ofDay, counts] of underWay) {
        const since = fresh.get(ofDay) ?? new Map<string, number>();
        for (const [tenantId, count] of counts) addTo(since, tenantId, count);
        fresh.set(ofDay, since);
      }
      underWay = new Map();
    }
    // The answer to a count tells of its tenants only; what others sent elsewhere is asked for less often.
    if (round++ % LEARN_EVERY === 0) {
      const asked = day;
      const totals = await usage.of(asked);
      if (asked === day) known = totals;
    }
  }

  const admission: Admission = {
    take(tenantId, count) {
      const refusal = closedTo(tenantId);
      if (refusal !== null) return { granted: 0, refusal };
      const granted = Math.min(count, roomOf(tenantId));
      add(tenantId, granted);
      return { granted, refusal: granted < count ? exceeded(tenantId) : null };
    },
    giveBack: (tenantId, count) => add(tenantId, -count),
    refusalOf: (tenantId) => closedTo(tenantId) ?? (roomOf(tenantId) > 0 ? null : exceeded(tenantId)),
    count: add,
    used,
    flush() {
      const work = flushing.then(write);
      flushing = work.catch(() => undefined);
      return work;
    },
  };
  await admission.flush();
  return admission;
}

function addTo(counts: Counts, tenantId: string, count: number): void {
  counts.set(tenantId, (counts.get(tenantId) ?? 0) + count);
}

/** What is refused of a tenant that has had its requests of the day. */
function quotaExceeded(slug: string, most: number, until: number): Refusal {
  const end = new Date(until).toISOString();
  return {
    refused: 'quota-exceeded',
    detail: `the tenant ${slug} may send ${most} requests a day, and has; it may send again from ${end} on`,
  };
}

function suspended(slug: string): Refusal {
  return { refused: 'tenant-suspended', detail: `the tenant ${slug} is suspended; the operator can say why` };
}

function deleted(): Refusal {
  return { refused: 'tenant-suspended', detail: 'the tenant is being deleted' };
}
