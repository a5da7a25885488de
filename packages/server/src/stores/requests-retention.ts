import type { ClickHouse } from './drivers/clickhouse/client.ts';

/** Days that each resolution of the roll-ups is kept; a partition goes when all of it is older. */
export interface RollUpDays {
  minute: number;
  hour: number;
  day: number;
}

export const DEFAULT_ROLL_UP_DAYS: RollUpDays = Object.freeze({ minute: 14, hour: 400, day: 3650 });

export interface PartitionFigures {
  table: string;
  partition: string;
  rows: number;
  /** On disk. */
  bytes: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Tables whose partitions are days on which their rows expire. */
const ROWS = new Set(['requests', 'requests_sample', 'interactions']);
const ROLL_UPS = ['counts', 'visits', 'interaction_counts'];
const STEPS = ['minute', 'hour', 'day'] as const;

/** From when on minutes and hours are there for certain, ms since the epoch. */
export function rollUpHorizons(days: RollUpDays, now: number): { minutesSince: number; hoursSince: number } {
  return { minutesSince: now - days.minute * DAY_MS, hoursSince: now - days.hour * DAY_MS };
}

export async function listPartitions(clickhouse: ClickHouse): Promise<PartitionFigures[]> {
  return clickhouse.query(
    `SELECT table, partition, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts AS p
     WHERE active AND database = currentDatabase() GROUP BY table, partition ORDER BY table, partition`,
  );
}

/** Rows by their partition's day, roll-ups by the end of their partition's month (minutes) or year. */
export async function dropExpiredPartitions(
  clickhouse: ClickHouse,
  today: number,
  days: RollUpDays,
): Promise<string[]> {
  const dropped: string[] = [];
  for (const { table, partition } of await listPartitions(clickhouse)) {
    const step = STEPS.find((name) => ROLL_UPS.some((kind) => table === `${kind}_${name}`));
    if (!ROWS.has(table) && step === undefined) continue;
    const expires = step === undefined ? dayOf(partition) : endDay(partition, step) + days[step];
    if (!(expires <= today)) continue;
    await dropPartition(clickhouse, table, partition);
    dropped.push(`${table}/${partition}`);
  }
  return dropped;
}

export async function dropLiveAddresses(clickhouse: ClickHouse, beforeMs: number): Promise<string[]> {
  const dropped: string[] = [];
  for (const { table, partition } of await listPartitions(clickhouse)) {
    if (table !== 'live_addresses') continue;
    if (!(Date.parse(`${partition.replace(' ', 'T')}Z`) + HOUR_MS <= beforeMs)) continue;
    await dropPartition(clickhouse, table, partition);
    dropped.push(partition);
  }
  return dropped;
}

async function dropPartition(clickhouse: ClickHouse, table: string, partition: string): Promise<void> {
  if (!/^[\d :-]+$/.test(partition)) throw new Error(`unexpected partition ${partition} of ${table}`);
  await clickhouse.alterPartition(`ALTER TABLE ${table} DROP PARTITION '${partition}'`);
}

function dayOf(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** First day after the partition that starts on `date`. */
function endDay(date: string, step: (typeof STEPS)[number]): number {
  const start = new Date(`${date}T00:00:00Z`);
  if (step === 'minute') start.setUTCMonth(start.getUTCMonth() + 1);
  else start.setUTCFullYear(start.getUTCFullYear() + 1);
  return Math.floor(start.getTime() / DAY_MS);
}
