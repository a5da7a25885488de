import {
  type SessionBy,
  type SessionFigure,
  type SessionFigures,
  type SessionQuery,
  windowOf,
} from '../model/interaction-query.ts';
import { type Binder, createBinder } from './requests-fields.ts';

const KEYS: Record<SessionBy, string> = {
  day: 'toString(day)',
  entry: 'toString(entry)',
  exit: 'toString(exit)',
  country: 'toString(country)',
  device_type: 'toString(device_type)',
  referrer: 'toString(referrer)',
};

// Names that no column has: within an aggregate a column is meant.
const FIGURES = `count() AS n, uniqExactIf(visitor_id, visitor_id != '') AS people,
  uniqExactIf((day, client_key), visitor_id = '') AS daily, countIf(pages = 1) AS bounced, sum(pages) AS seen,
  quantileExact(0.5)(toUnixTimestamp64Milli(ended) - toUnixTimestamp64Milli(started)) AS lasted`;

interface Row {
  key: string;
  n: number;
  people: number;
  daily: number;
  bounced: number;
  seen: number;
  lasted: number;
}

/** Figures of the sessions that began in the window. `derivedUntil`: ms since the epoch. */
export async function readSessions(
  query: SessionQuery,
  tenantId: string,
  run: <Result>(sql: string, binder: Binder) => Promise<Result[]>,
  derivedUntil: number | null,
): Promise<SessionFigures> {
  const ask = (by: SessionBy | null) => {
    const binder = createBinder();
    const order = by === 'day' ? 'key' : 'n DESC, key';
    return run<Row>(
      `SELECT ${by === null ? "''" : KEYS[by]} AS key, ${FIGURES} FROM sessions
       WHERE ${conditions(query, tenantId, binder).join(' AND ')} GROUP BY key ORDER BY ${order} LIMIT ${query.limit}`,
      binder,
    );
  };
  const [total] = await ask(null);
  const rows = await ask(query.by);
  return {
    window: windowOf(query),
    derived_until: derivedUntil === null ? null : new Date(derivedUntil).toISOString(),
    by: query.by,
    total: figureOf(total ?? { key: '', n: 0, people: 0, daily: 0, bounced: 0, seen: 0, lasted: 0 }),
    rows: rows.map(figureOf),
  };
}

function conditions({ from, to, domain, consent }: SessionQuery, tenantId: string, binder: Binder): string[] {
  const time = (ms: number) => `fromUnixTimestamp64Milli(${binder.bind(Math.trunc(ms), 'Int64')}, 'UTC')`;
  return [
    `tenant_id = ${binder.bind(tenantId, 'UUID')}`,
    `started >= ${time(from)}`,
    `started < ${time(to)}`,
    ...(domain === undefined ? [] : [`domain = ${binder.bind(domain.toLowerCase(), 'String')}`]),
    ...(consent === undefined ? [] : [consent === 'granted' ? "visitor_id != ''" : "visitor_id = ''"]),
  ];
}

function figureOf({ key, n, people, daily, bounced, seen, lasted }: Row): SessionFigure {
  const share = (part: number) => (n === 0 ? null : part / n);
  return {
    key,
    sessions: n,
    visitors: people,
    daily_visitors: daily,
    bounce_rate: share(bounced),
    pages_per_session: share(seen),
    duration_p50: n === 0 ? null : lasted / 1000,
  };
}
