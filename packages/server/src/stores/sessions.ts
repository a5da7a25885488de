import { randomUUID } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import type { SessionFigures, SessionQuery } from '../model/interaction-query.ts';
import { isUuid } from '../model/uuid.ts';
import type { ClickHouse } from './drivers/clickhouse/client.ts';
import { tenantWall } from './requests.ts';
import { ALL_DOMAINS, type Binder } from './requests-fields.ts';
import { DAY_MS, HOUR_MS, LEAST_GAP_MS, MARKER_TENANT, sessionsOfDay } from './sessions-derivation.ts';
import { readSessions } from './sessions-figures.ts';

/** A session that began in the last two hours may still go on, or its rows be on their way. */
export const LATENESS_MS = 2 * HOUR_MS;

/** A million rows take some 300 MB. */
const ROWS_AT_ONCE = 1_000_000;

/** What of a tenant's policy matters to its sessions; days. */
export interface SessionPolicy {
  /** How long sessions are kept, from the day they began on. */
  sessionDays: number;
  /** For so long after a day no row of it is past its retention. */
  rowDays: number;
}

export interface DeriveOptions {
  /** ms since the epoch. */
  now: number;
  policyOf(tenantId: string): SessionPolicy;
  /** The longest `sessionDays` of any tenant. */
  mostSessionDays: number;
  /** Rows whose sessions are worked out together, about; what bounds the memory. */
  rowsAtOnce?: number;
  signal?: AbortSignal;
}

/** What one tenant may ask about sessions. */
export interface TenantSessions {
  figures(query: SessionQuery): Promise<SessionFigures>;
}

export interface SessionStore {
  /**
   * Derives the days whose sessions are due or whose rows have changed, the newest first; returns them (RFC 3339 dates).
   * What a day's sessions are follows from its rows alone, so that it does not matter how often, where and in which
   * order days are derived; each is put in place at once.
   */
  derive(options: DeriveOptions): Promise<string[]>;
  /** Drops sessions that expired on or before `today` (days since the epoch); returns the days that lost some. */
  dropExpired(today: number): Promise<string[]>;
  forTenant(tenantId: string): TenantSessions;
}

/** Staging tables of derivations that a kill ended. */
const STALE_SECONDS = 3600;

/** Opens the store of sessions over a ClickHouse whose schema is up to date (`openRequests` sees to that). */
export function openSessions(clickhouse: ClickHouse): SessionStore {
  return {
    async derive(options) {
      await dropStale(clickhouse);
      const derived: string[] = [];
      const until = options.now - LATENESS_MS;
      const due = await dueDays(clickhouse, until, options);
      for (const day of due.days) {
        options.signal?.throwIfAborted();
        await deriveDay(clickhouse, day, Math.min(until, (day + 1) * DAY_MS), due.hours, options);
        derived.push(dateOf(day));
      }
      return derived;
    },
    async dropExpired(today) {
      const days = await clickhouse.query<{ day: string; kept: number }>(
        `SELECT toString(s.day) AS day, countIf(s.expires_on > toDate(${today})) AS kept, count() AS n
         FROM sessions AS s GROUP BY s.day HAVING kept < n ORDER BY day`,
      );
      for (const { day, kept } of days) {
        if (kept === 0) await clickhouse.alterPartition(`ALTER TABLE sessions DROP PARTITION '${checkedDate(day)}'`);
        else {
          await replaceDay(clickhouse, day, async (staging) => {
            const rows = `SELECT * FROM sessions WHERE day = '${checkedDate(day)}' AND expires_on > toDate(${today})`;
            await clickhouse.command(`INSERT INTO ${staging} ${rows}`);
          });
        }
      }
      return days.map(({ day }) => day);
    },
    forTenant(tenantId) {
      if (!isUuid(tenantId)) throw new Fault('bad-tenant', `${JSON.stringify(tenantId)} is not a tenant id`);
      const wall = tenantWall(tenantId);
      const run = <Row>(sql: string, binder: Binder) => clickhouse.query<Row>(sql, binder.params, wall);
      return {
        figures: async (query) => readSessions(query, tenantId, run, await derivedUntil(clickhouse)),
      };
    },
  };
}

const OF_PEOPLE = `kept = 1 AND class = 'people'`;
/** What is kept of people, as roll-ups count it; those of requests have each group a second time, of all domains. */
const COUNTED = {
  hour: [
    `requests FROM counts_hour WHERE domain = '${ALL_DOMAINS}' AND ${OF_PEOPLE}`,
    `interactions FROM interaction_counts_hour WHERE ${OF_PEOPLE}`,
  ],
  day: [
    `requests FROM counts_day WHERE domain = '${ALL_DOMAINS}' AND ${OF_PEOPLE}`,
    `interactions FROM interaction_counts_day WHERE ${OF_PEOPLE}`,
  ],
};

/** People’s rows by hour (ms since the epoch of its start), from the roll-ups. */
type Hours = ReadonlyMap<number, number>;

interface Due {
  /** Days since the epoch. */
  days: number[];
  hours: Hours;
}

/**
 * Days whose sessions are not those of the rows that are there now: never derived, derived before all its sessions had
 * begun, or with another number of rows in the hours that matter to them. The roll-ups tell how many there are, which is
 * much less to read than the rows, and rows never become fewer there.
 */
async function dueDays(clickhouse: ClickHouse, until: number, { now, mostSessionDays }: DeriveOptions): Promise<Due> {
  const first = Math.floor(now / DAY_MS) - mostSessionDays + 1;
  const counted = COUNTED.hour.map(
    (source) => `SELECT bucket, ${source} AND bucket >= toDateTime(${(first - 1) * 86_400}, 'UTC')`,
  );
  const rows = await clickhouse.query<{ hour: number; n: number }>(
    `SELECT toUnixTimestamp(c.bucket) AS hour, sum(c.requests) AS n FROM (${counted.join(' UNION ALL ')}) AS c GROUP BY hour`,
  );
  const hours = new Map(rows.map(({ hour, n }) => [hour * 1000, n]));
  const known = await clickhouse.query<{ start: number; until: number; counted: number; ended: number }>(
    `SELECT toUnixTimestamp(toDateTime(s.day, 'UTC')) AS start, toUnixTimestamp64Milli(max(s.derived_until)) AS until,
      max(s.counted) AS counted, toUnixTimestamp64Milli(max(s.ended)) AS ended
     FROM sessions AS s GROUP BY s.day`,
  );
  const derived = new Map(known.map((row) => [(row.start * 1000) / DAY_MS, row]));
  const days = new Set([...hours.keys()].map((hour) => Math.floor(hour / DAY_MS)));
  const due = [...days].filter((day) => {
    if (day < first || day * DAY_MS >= until) return false;
    const last = derived.get(day);
    if (last === undefined || last.until < Math.min(until, (day + 1) * DAY_MS)) return true;
    return last.counted !== countRows(hours, day, last.ended);
  });
  return { days: due.sort((a, b) => b - a), hours };
}

/**
 * How many rows there are from the hour before the day to the hour in which the last session of the day can be carried
 * on: a row outside of them changes nothing.
 */
function countRows(hours: Hours, day: number, ended: number): number {
  const end = Math.max((day + 1) * DAY_MS, ended + LEAST_GAP_MS);
  let sum = 0;
  for (let hour = day * DAY_MS - HOUR_MS; hour < end; hour += HOUR_MS) sum += hours.get(hour) ?? 0;
  return sum;
}

async function deriveDay(
  clickhouse: ClickHouse,
  day: number,
  until: number,
  hours: Hours,
  { now, policyOf, mostSessionDays, rowsAtOnce = ROWS_AT_ONCE, signal }: DeriveOptions,
): Promise<void> {
  const today = Math.floor(now / DAY_MS);
  const tenants = await tenantsOf(clickhouse, day);
  await replaceDay(clickhouse, dateOf(day), async (staging) => {
    for (const { id: tenantId, rows: count } of tenants) {
      const { sessionDays, rowDays } = policyOf(tenantId);
      if (day + sessionDays <= today) continue;
      // Rows of the day before matter too, but for those who keep none for longer than a day or two.
      const first = rowDays > 2 ? day - 1 : day;
      const whole = first + rowDays > today || (await isWhole(clickhouse, day, tenantId));
      if (!whole) {
        const kept = `SELECT * FROM sessions WHERE day = '${dateOf(day)}' AND tenant_id = toUUID('${tenantId}')`;
        await clickhouse.command(`INSERT INTO ${staging} ${kept}`);
        continue;
      }
      const slices = Math.ceil(Math.max(1, count) / rowsAtOnce);
      for (let slice = 0; slice < slices; slice += 1) {
        signal?.throwIfAborted();
        const rows = sessionsOfDay({ tenantId, day, until, expiresOn: day + sessionDays, slice, slices });
        await clickhouse.command(`INSERT INTO ${staging} ${rows}`);
      }
    }
    const [last] = await clickhouse.query<{ ended: number }>(
      `SELECT toUnixTimestamp64Milli(max(s.ended)) AS ended FROM ${staging} AS s`,
    );
    // Counted before the rows were read: what came meanwhile shows as a change the next time.
    const counted = countRows(hours, day, last?.ended ?? 0);
    await clickhouse.command(
      `INSERT INTO ${staging} (tenant_id, day, expires_on, derived_until, counted) SELECT toUUID('${MARKER_TENANT}'),
        toDate(${day}), toDate(${day + mostSessionDays}), fromUnixTimestamp64Milli(toInt64(${until}), 'UTC'), ${counted}`,
    );
  });
}

/** Has a table filled with a day's rows and puts it in the place of that day's partition, at once. */
async function replaceDay(
  clickhouse: ClickHouse,
  date: string,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  const staging = `sessions_next_${randomUUID().replaceAll('-', '')}`;
  await clickhouse.command(`CREATE TABLE ${staging} AS sessions`);
  try {
    await fill(staging);
    await clickhouse.alterPartition(`ALTER TABLE sessions REPLACE PARTITION '${checkedDate(date)}' FROM ${staging}`);
  } finally {
    await clickhouse.command(`DROP TABLE IF EXISTS ${staging}`);
  }
}

/** Tenants with rows of people on a day, and how many they have around it. */
async function tenantsOf(clickhouse: ClickHouse, day: number): Promise<{ id: string; rows: number }[]> {
  const bucket = (of: number) => `toDateTime(${of * 86_400}, 'UTC')`;
  const counted = COUNTED.day.map(
    (source) => `SELECT tenant_id, bucket, ${source} AND bucket >= ${bucket(day - 1)} AND bucket <= ${bucket(day + 1)}`,
  );
  return clickhouse.query<{ id: string; rows: number }>(
    `SELECT toString(t.tenant_id) AS id, sum(t.requests) AS rows
     FROM (${counted.join(' UNION ALL ')}) AS t
     GROUP BY t.tenant_id HAVING countIf(t.bucket = ${bucket(day)}) > 0 ORDER BY id`,
  );
}

/** Whether all rows that a day was ever told to have are still there; else its sessions must stay what they are. */
async function isWhole(clickhouse: ClickHouse, day: number, tenantId: string): Promise<boolean> {
  const mine = `tenant_id = toUUID('${tenantId}')`;
  const [from, to] = [day - 1, day + 2];
  const days = `bucket >= toDateTime(${from * 86_400}, 'UTC') AND bucket < toDateTime(${to * 86_400}, 'UTC')`;
  const times = `time >= toDateTime64(${from * 86_400}, 3, 'UTC') AND time < toDateTime64(${to * 86_400}, 3, 'UTC')`;
  const told = COUNTED.day.map((source) => `SELECT ${source} AND ${mine} AND ${days}`);
  const [row] = await clickhouse.query<{ told: number; there: number }>(
    `SELECT (SELECT sum(t.requests) FROM (${told.join(' UNION ALL ')}) AS t) AS told,
      (SELECT count() FROM requests WHERE ${mine} AND is_bot = 0 AND network_kind != 'hosting' AND ${times})
      + (SELECT count() FROM interactions WHERE ${mine} AND class = 'people' AND ${times}) AS there`,
  );
  return row !== undefined && row.told === row.there;
}

async function dropStale(clickhouse: ClickHouse): Promise<void> {
  const tables = await clickhouse.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'sessions_next_')
       AND metadata_modification_time < now() - ${STALE_SECONDS}`,
  );
  for (const { name } of tables) if (/^\w+$/.test(name)) await clickhouse.command(`DROP TABLE IF EXISTS ${name}`);
}

/** Up to when sessions are there, ms since the epoch; of no tenant, so that nothing is told of anybody. */
async function derivedUntil(clickhouse: ClickHouse): Promise<number | null> {
  const [row] = await clickhouse.query<{ until: number; n: number }>(
    `SELECT toUnixTimestamp64Milli(max(s.derived_until)) AS until, count() AS n FROM sessions AS s
     WHERE s.tenant_id = toUUID('${MARKER_TENANT}')`,
  );
  return row === undefined || row.n === 0 ? null : row.until;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function checkedDate(date: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new Error(`unexpected day ${date}`);
  return date;
}
