import type { Filter } from '../model/filter.ts';
import { quoteText } from './drivers/clickhouse/client.ts';
import { type Binder, createBinder, filterSql } from './requests-fields.ts';
import { COLUMNS, type RequestRecord, type RequestRow, toRecord } from './requests-pages.ts';

/** Which requests somebody looks for as they arrive. */
export interface ArrivalsQuestion {
  /** When the hub received them: ms since the epoch, inclusive. */
  since: number;
  /** Of those received in that very ms, the ones of ids up to this one are not meant. '': all are. */
  behindId: string;
  /** All must match. */
  where: readonly Filter[];
}

/** Questions that are asked at once, of what happened in one window: ms since the epoch, `to` exclusive. */
export interface ArrivalsQuery {
  from: number;
  to: number;
  /** 1 to 32. */
  questions: readonly ArrivalsQuestion[];
}

/** A request that has arrived. */
export interface Arrival {
  id: string;
  /** ms since the epoch. */
  received: number;
  /** Bit i: question i asks for it. */
  asked: number;
}

/** What one look into the store found: list and counts are of the same moment. */
export interface Arrivals {
  /**
   * The latest, the latest first: of those that the same questions ask for `limit` at most, so that a question for little
   * is answered beside one for much.
   */
  latest: Arrival[];
  /** How many there are, by question; `later`: received at `later` or after. */
  counts: { all: number; later: number }[];
}

/** Requests of one tenant in the order in which they arrive. */
export interface TenantArrivals {
  /** `later`: ms since the epoch. */
  look(query: ArrivalsQuery, later: number, limit: number): Promise<Arrivals>;
  /** The rows of arrivals by id; of what was erased meanwhile there is none. */
  rows(query: ArrivalsQuery, arrivals: readonly Arrival[]): Promise<Map<string, RequestRecord>>;
}

const MOST_QUESTIONS = 32;
// Put together from the two columns that are stored, as the column `received` is.
const RECEIVED = 'toUnixTimestamp64Milli(time) + received_lag';

/** `run` executes a statement for the tenant alone. */
export function tenantArrivals(
  tenant: string,
  run: (sql: string, binder: Binder) => Promise<Record<string, unknown>[]>,
): TenantArrivals {
  return {
    async look(query, later, limit) {
      const { binder, where, matches } = conditionsOf(query, tenant);
      const bits = matches.map((match, i) => `if(${match}, ${2 ** i}, 0)`).join(' + ');
      const kinds = await run(
        `SELECT asked, count() AS n, countIf(arrived >= ${binder.bind(Math.trunc(later), 'Int64')}) AS recent,
           groupArraySorted(${limit})((-arrived, key)) AS listed
         FROM (
           SELECT toString(requests.id) AS key, toInt64(${RECEIVED}) AS arrived, toUInt32(${bits}) AS asked
           FROM requests WHERE ${where}
         )
         WHERE asked != 0 GROUP BY asked`,
        binder,
      );
      return {
        latest: kinds.flatMap(listOf).sort(latestFirst),
        counts: matches.map((_, i) => countsOf(kinds, 2 ** i)),
      };
    },
    async rows({ from, to }, arrivals) {
      if (arrivals.length === 0) return new Map();
      const since = Math.min(...arrivals.map(({ received }) => received));
      const { binder, where } = conditionsOf({ from, to, questions: [{ since, behindId: '', where: [] }] }, tenant);
      // Not as parameters: those go into the address of a call, which has no room for so many.
      const ids = arrivals.map(({ id }) => quoteText(id)).join(', ');
      const rows = await run(`SELECT ${COLUMNS} FROM requests WHERE ${where} AND requests.id IN (${ids})`, binder);
      return new Map(rows.map((row) => [String(row['id']), toRecord(row as RequestRow)]));
    },
  };
}

function listOf({ asked, listed }: Record<string, unknown>): Arrival[] {
  return (listed as [number | string, string][]).map(([arrived, id]) => ({
    id,
    received: -Number(arrived),
    asked: Number(asked),
  }));
}

function latestFirst(a: Arrival, b: Arrival): number {
  return b.received - a.received || Number(b.id > a.id) - Number(b.id < a.id);
}

/** Those of all kinds that the question of that bit asks for. */
function countsOf(kinds: readonly Record<string, unknown>[], bit: number): { all: number; later: number } {
  const own = kinds.filter(({ asked }) => (Number(asked) & bit) !== 0);
  const sum = (name: string) => own.reduce((all, kind) => all + Number(kind[name]), 0);
  return { all: sum('n'), later: sum('recent') };
}

function conditionsOf({ from, to, questions }: ArrivalsQuery, tenant: string) {
  if (questions.length === 0 || questions.length > MOST_QUESTIONS) throw new RangeError('1 to 32 questions at once');
  const binder = createBinder();
  const number = (ms: number) => binder.bind(Math.trunc(ms), 'Int64');
  const time = (ms: number) => `fromUnixTimestamp64Milli(${number(ms)}, 'UTC')`;
  const where = [
    `tenant_id = ${binder.bind(tenant, 'UUID')}`,
    `time >= ${time(from)} AND time < ${time(to)}`,
    `${RECEIVED} >= ${number(Math.min(...questions.map(({ since }) => since)))}`,
  ].join(' AND ');
  const matches = questions.map((question) =>
    [
      `${RECEIVED} >= ${number(question.since)}`,
      ...(question.behindId === ''
        ? []
        : [
            `(${RECEIVED}, toString(requests.id)) > (${number(question.since)}, ${binder.bind(question.behindId, 'String')})`,
          ]),
      ...question.where.map((filter) => filterSql(filter, 'rows', binder)),
    ].join(' AND '),
  );
  return { binder, where, matches };
}
