/** What one tenant's senders know of a delivery's rows. */
export interface SentRow {
  path: string;
  /** As its sender gave it; null where the hub gives one. */
  id: string | null;
  /** false: only counted. */
  kept: boolean;
}

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

/** What the store has of one tenant. */
export interface StoredRows {
  /** Rows by path and id. */
  rows: readonly { path: string; id: string; n: number }[];
  /** Requests in each step of the roll-ups. */
  counts: readonly { step: string; kept: number; requests: number }[];
}

export const STEPS = ['minute', 'hour', 'day'];

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
export function compare(ledger: Ledger, { rows, counts }: StoredRows): Comparison {
  const found = Map.groupBy(rows, ({ path }) => path);
  const result: Comparison = { acknowledged: 0, stored: 0, lost: 0, doubled: 0, wrong: [] };
  const tell = (kind: 'lost' | 'doubled', count: number, text: string) => {
    result[kind] += count;
    if (result.wrong.length < NAMED) result.wrong.push(`${kind}: ${text}`);
  };
  const counted = { acknowledged: 0, sent: 0 };
  for (const { row, acknowledged } of ledger.rows.values()) {
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
    if (sent === undefined || !sent.row.kept) tell('doubled', n, `${path} ${id} was not sent to be kept`);
  }
  for (const step of STEPS) {
    const inRollUp = (kept: number) =>
      counts
        .filter((count) => count.step === step && count.kept === kept)
        .reduce((sum, { requests }) => sum + requests, 0);
    const [kept, only] = [inRollUp(1), inRollUp(0)];
    if (kept < result.stored) tell('lost', result.stored - kept, `counts_${step} has ${kept} of ${result.stored} rows`);
    if (kept > result.stored) tell('doubled', kept - result.stored, `counts_${step} has ${kept} for ${result.stored}`);
    const missing = counted.acknowledged - only;
    if (missing > 0) tell('lost', missing, `counts_${step} has ${only} of ${counted.acknowledged} only counted`);
    if (only > counted.sent)
      tell('doubled', only - counted.sent, `counts_${step} has ${only} for ${counted.sent} only counted`);
  }
  return result;
}

/** What a world answers for one tenant. */
export async function readStored(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
  tenantId: string,
): Promise<StoredRows> {
  const mine = `tenant_id = toUUID('${tenantId}')`;
  const rows = await query(
    `SELECT path, toString(id) AS id, count() AS n FROM requests WHERE ${mine} GROUP BY path, id`,
  );
  const counts = await query(
    STEPS.map(
      (step) =>
        `SELECT '${step}' AS step, kept, sum(c.requests) AS requests FROM counts_${step} AS c WHERE ${mine} GROUP BY kept`,
    ).join(' UNION ALL '),
  );
  return {
    rows: rows.map(({ path, id, n }) => ({ path: String(path), id: String(id), n: Number(n) })),
    counts: counts.map(({ step, kept, requests }) => ({
      step: String(step),
      kept: Number(kept),
      requests: Number(requests),
    })),
  };
}
