/** What one tenant's senders know of a delivery's rows. */
export interface SentRow {
  path: string;
  /** As its sender gave it; null where the hub gives one. */
  id: string | null;
  /** false: only counted. */
  kept: boolean;
  /** Whose tables it belongs to; requests unless told. */
  of?: Kind;
}

export type Kind = 'requests' | 'interactions';

/** What was sent, and what of it was acknowledged. */
export interface Ledger {
  /** Before it is sent. */
  sent(rows: readonly SentRow[]): void;
  acknowledged(rows: readonly SentRow[]): void;
  /** An answer that no sender may get. */
  complain(what: string): void;
  readonly rows: ReadonlyMap<string, { row: SentRow; acknowledged: boolean }>;
  readonly complaints: readonly string[];
}

export function openLedger(): Ledger {
  const rows = new Map<string, { row: SentRow; acknowledged: boolean }>();
  const complaints: string[] = [];
  return {
    sent(all) {
      for (const row of all) rows.set(row.path, { row, acknowledged: false });
    },
    acknowledged(all) {
      for (const row of all) rows.set(row.path, { row, acknowledged: true });
    },
    complain: (what) => void complaints.push(what),
    rows,
    complaints,
  };
}

/** What the store has of one kind of one tenant. */
export interface StoredRows {
  /** Rows by path and id. */
  rows: readonly { path: string; id: string; n: number }[];
  /** Requests in each step of the roll-ups. */
  counts: readonly { step: string; kept: number; requests: number }[];
}

/** Hours and days have every group a second time, of all domains together. */
export const STEPS = ['minute', 'hour', 'day', 'hour of ALL', 'day of ALL'];
const ROLL_UPS: Record<Kind, { name: string; steps: readonly string[] }> = {
  requests: { name: 'counts', steps: STEPS },
  interactions: { name: 'interaction_counts', steps: ['hour', 'day'] },
};

/** Rows by number, and the first few of what is wrong by name. */
export interface Comparison {
  acknowledged: number;
  stored: number;
  lost: number;
  doubled: number;
  wrong: string[];
}

const NAMED = 12;

/**
 * Acknowledged rows must be stored exactly once, the others once at most, and those of nobody not at all; the roll-ups
 * must count what is stored, and each request that is only counted like a row.
 */
export function compare(ledger: Ledger, { rows, counts }: StoredRows, kind: Kind = 'requests'): Comparison {
  const found = Map.groupBy(rows, ({ path }) => path);
  const result: Comparison = { acknowledged: 0, stored: 0, lost: 0, doubled: 0, wrong: [] };
  const tell = (how: 'lost' | 'doubled', count: number, text: string) => {
    result[how] += count;
    if (result.wrong.length < NAMED) result.wrong.push(`${how}: ${text}`);
  };
  const counted = { acknowledged: 0, sent: 0 };
  for (const { row, acknowledged } of ledger.rows.values()) {
    if ((row.of ?? 'requests') !== kind) continue;
    if (acknowledged) result.acknowledged += 1;
    if (!row.kept) {
      counted.sent += 1;
      if (acknowledged) counted.acknowledged += 1;
      continue;
    }
    const own = found.get(row.path) ?? [];
    const times = own.reduce((sum, { n }) => sum + n, 0);
    if (acknowledged && times === 0) tell('lost', 1, `${row.path} ${row.id ?? ''}`);
    if (times > 1) tell('doubled', times - 1, `${row.path} is there ${times} times`);
    if (row.id !== null && own.some(({ id }) => id !== row.id)) tell('lost', 1, `${row.path} has not the id ${row.id}`);
  }
  for (const { path, id, n } of rows) {
    result.stored += n;
    const sent = ledger.rows.get(path);
    if (sent === undefined || !sent.row.kept || (sent.row.of ?? 'requests') !== kind)
      tell('doubled', n, `${path} ${id} was not sent to be kept`);
  }
  const { name, steps } = ROLL_UPS[kind];
  for (const step of steps) {
    const inRollUp = (kept: number) =>
      counts
        .filter((count) => count.step === step && count.kept === kept)
        .reduce((sum, { requests }) => sum + requests, 0);
    const [kept, only] = [inRollUp(1), inRollUp(0)];
    if (kept < result.stored)
      tell('lost', result.stored - kept, `${name}_${step} has ${kept} of ${result.stored} rows`);
    if (kept > result.stored) tell('doubled', kept - result.stored, `${name}_${step} has ${kept} for ${result.stored}`);
    const missing = counted.acknowledged - only;
    if (missing > 0) tell('lost', missing, `${name}_${step} has ${only} of ${counted.acknowledged} only counted`);
    if (only > counted.sent)
      tell('doubled', only - counted.sent, `${name}_${step} has ${only} for ${counted.sent} only counted`);
  }
  return result;
}

/** The comparison of everything that a tenant's senders have sent. */
export async function compareAll(ledger: Ledger, query: Query, tenantId: string): Promise<Comparison> {
  const all: Comparison = { acknowledged: 0, stored: 0, lost: 0, doubled: 0, wrong: [] };
  for (const kind of ['requests', 'interactions'] as const) {
    const { acknowledged, stored, lost, doubled, wrong } = compare(
      ledger,
      await readStored(query, tenantId, kind),
      kind,
    );
    all.acknowledged += acknowledged;
    all.stored += stored;
    all.lost += lost;
    all.doubled += doubled;
    all.wrong.push(...wrong);
  }
  return all;
}

type Query = (sql: string) => Promise<Record<string, unknown>[]>;

/** What a world answers for one tenant. */
async function readStored(query: Query, tenantId: string, kind: Kind): Promise<StoredRows> {
  const mine = `tenant_id = toUUID('${tenantId}')`;
  // Pages write ids without hyphens.
  const id = kind === 'requests' ? 'toString(id)' : "replaceAll(toString(id), '-', '')";
  const rows = await query(`SELECT path, ${id} AS own, count() AS n FROM ${kind} WHERE ${mine} GROUP BY path, own`);
  const { name, steps } = ROLL_UPS[kind];
  const counts = await query(
    steps
      .map((step) => {
        const [table, all] = step.split(' of ');
        return `SELECT '${step}' AS step, kept, sum(c.${kind}) AS n FROM ${name}_${table} AS c
          WHERE ${mine} AND domain ${all === undefined ? '!=' : '='} 'ALL' GROUP BY kept`;
      })
      .join(' UNION ALL '),
  );
  return {
    rows: rows.map(({ path, own, n }) => ({ path: String(path), id: String(own), n: Number(n) })),
    counts: counts.map(({ step, kept, n }) => ({ step: String(step), kept: Number(kept), requests: Number(n) })),
  };
}
