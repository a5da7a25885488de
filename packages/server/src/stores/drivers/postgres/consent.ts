import { type RawBuilder, type Selectable, sql } from 'kysely';
import { createIdSequence } from '../../../model/uuid.ts';
import type { Choice, ChoiceSpan, ConsentBook, NewChoice } from '../../records-consent.ts';
import type { Database, Scoped } from './database.ts';
import type { Tables } from './tables.ts';

const MOST_HISTORY = 1000;
const PAGE_ROWS = 1000;
/** Browsers send again what they had no answer to. */
const SENT_AGAIN = sql.raw("interval '10 minutes'");
const ids = createIdSequence();

/** The consent evidence of one tenant. */
export function tenantConsent(database: Database, tenantId: string): ConsentBook {
  const own = <T>(work: (db: Scoped) => Promise<T>) => database.asTenant(tenantId, work);
  return {
    add: (choices) => (choices.length === 0 ? Promise.resolve(0) : own((db) => add(db, tenantId, choices))),
    async show({ version, language, words }) {
      await own((db) =>
        db
          .insertInto('consent_texts')
          .values({ tenant_id: tenantId, version, language, words: JSON.stringify(words) })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
    },
    async knows(version) {
      const row = await own((db) =>
        db.selectFrom('consent_texts').select('version').where('version', '=', version).executeTakeFirst(),
      );
      return row !== undefined;
    },
    async texts() {
      const rows = await own((db) =>
        db
          .selectFrom('consent_texts as shown')
          .select(['version', 'language', 'words', 'first_shown'])
          .select((select) =>
            select
              .selectFrom('consent_choices')
              .select((inner) => inner.fn.countAll<number>().as('count'))
              .whereRef('text_version', '=', 'shown.version')
              .whereRef('consent_choices.tenant_id', '=', 'shown.tenant_id')
              .as('choices'),
          )
          .orderBy('first_shown', 'desc')
          .orderBy('version')
          .execute(),
      );
      return rows.map(({ version, language, words, first_shown, choices }) => ({
        version,
        language,
        words,
        firstShown: first_shown,
        choices: Number(choices ?? 0),
      }));
    },
    async history(proofId) {
      const rows = await own((db) =>
        db
          .selectFrom('consent_choices')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('proof_id', '=', proofId)
          .orderBy('made_at', 'desc')
          .limit(MOST_HISTORY)
          .execute(),
      );
      return rows.map(choiceOf);
    },
    days: (span) => own((db) => days(db, tenantId, span)),
    people: (span) => own((db) => people(db, tenantId, span)),
    pages: (span, rows = PAGE_ROWS) => pages(own, tenantId, span, rows),
    expire: (before) =>
      own((db) =>
        affected(
          db,
          sql`DELETE FROM consent_choices AS old
              WHERE tenant_id = ${tenantId} AND made_at < ${timeOf(before)} AND NOT EXISTS (
                SELECT FROM consent_choices AS later
                WHERE later.tenant_id = ${tenantId} AND later.proof_id = old.proof_id AND later.made_at >= ${timeOf(before)}
              )`,
        ),
      ),
  };
}

/**
 * One statement for all of them. Writers of one tenant go one after another, in all hubs, so that each sees what was
 * chosen before; `turn` is the place among the choices of this call under the same proof id.
 */
async function add(db: Scoped, tenantId: string, choices: readonly NewChoice[]): Promise<number> {
  const rows = choices.map((choice, place) => ({
    place,
    id: ids.next(choice.time),
    made_at: new Date(choice.time).toISOString(),
    domain: choice.domain,
    proof_id: choice.proofId,
    visitor_id: choice.visitorId,
    analytical: choice.analytical,
    marketing: choice.marketing,
    asked: choice.asked,
    text_version: choice.textVersion,
    language: choice.language,
    surface: choice.surface,
    gpc: choice.gpc,
  }));
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('consent' || ${tenantId}::text, 0))`.execute(db);
  return affected(
    db,
    sql`
    WITH given AS (
      SELECT *, row_number() OVER under_proof AS turn,
        lag(analytical) OVER under_proof AS a, lag(marketing) OVER under_proof AS m, lag(made_at) OVER under_proof AS t,
        lag(ROW(domain, visitor_id, text_version, language, surface, gpc)::text) OVER under_proof AS rest
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS told (
        place int, id uuid, made_at timestamptz, domain text, proof_id text, visitor_id text, analytical boolean,
        marketing boolean, asked text[], text_version text, language text, surface text, gpc boolean
      )
      WINDOW under_proof AS (PARTITION BY proof_id ORDER BY place)
    ), beside AS (
      SELECT given.*, known_at,
        CASE WHEN turn > 1 THEN a ELSE known_a END AS before_a,
        CASE WHEN turn > 1 THEN m ELSE known_m END AS before_m,
        CASE WHEN turn > 1 THEN t ELSE known_at END AS before_at,
        CASE WHEN turn > 1 THEN rest ELSE known_rest END AS before_rest,
        ROW(domain, visitor_id, text_version, language, surface, gpc)::text AS own_rest
      FROM given LEFT JOIN LATERAL (
        SELECT analytical AS known_a, marketing AS known_m, made_at AS known_at,
          ROW(domain, visitor_id, text_version, language, surface, gpc)::text AS known_rest
        FROM consent_choices AS c
        WHERE c.tenant_id = ${tenantId} AND c.proof_id = given.proof_id
        ORDER BY made_at DESC LIMIT 1
      ) AS known ON true
    )
    INSERT INTO consent_choices (id, tenant_id, made_at, domain, proof_id, visitor_id, analytical, marketing, asked,
      change, text_version, language, surface, gpc)
    SELECT id, ${tenantId},
      greatest(made_at, known_at + interval '1 ms') + (turn - 1) * interval '1 ms',
      domain, proof_id, visitor_id, analytical, marketing, asked,
      CASE WHEN before_a IS NULL THEN 'first'
        WHEN (before_a AND NOT analytical) OR (before_m AND NOT marketing) THEN 'withdrawn'
        WHEN before_a <> analytical OR before_m <> marketing THEN 'changed'
        ELSE 'same' END,
      text_version, language, surface, gpc
    FROM beside
    WHERE NOT coalesce(before_a = analytical AND before_m = marketing AND before_rest = own_rest
      AND made_at < before_at + ${SENT_AGAIN}, false)`,
  );
}

async function affected(db: Scoped, statement: RawBuilder<unknown>): Promise<number> {
  return Number((await statement.execute(db)).numAffectedRows ?? 0n);
}

const DAY_MS = 86_400_000;
const GRANTED = sql.raw(
  `(cardinality(asked) > 0 OR analytical OR marketing) AND (analytical OR NOT asked @> '{analytical}')
   AND (marketing OR NOT asked @> '{marketing}')`,
);
const REFUSED = sql.raw('NOT analytical AND NOT marketing');

const COUNTS = sql<unknown>`
  count(*) FILTER (WHERE ${GRANTED})::int AS granted,
  count(*) FILTER (WHERE NOT (${GRANTED}) AND NOT (${REFUSED}))::int AS partly,
  count(*) FILTER (WHERE ${REFUSED})::int AS refused`;

function within(tenantId: string, { from, to, domain }: ChoiceSpan): RawBuilder<unknown> {
  const on = domain === undefined ? sql`` : sql`AND domain = ${domain}`;
  return sql`tenant_id = ${tenantId} AND made_at >= ${timeOf(from)} AND made_at < ${timeOf(to)} ${on}`;
}

async function days(db: Scoped, tenantId: string, span: ChoiceSpan): ReturnType<ConsentBook['days']> {
  const { rows } = await sql<Awaited<ReturnType<ConsentBook['days']>>[number]>`
    SELECT floor(extract(epoch FROM made_at) / 86400)::int AS day, ${COUNTS},
      count(*) FILTER (WHERE change = 'withdrawn')::int AS withdrawn, count(*) FILTER (WHERE gpc)::int AS gpc
    FROM consent_choices WHERE ${within(tenantId, span)} GROUP BY 1 ORDER BY 1`.execute(db);
  return rows.map((row) => ({ ...row, day: row.day * DAY_MS }));
}

async function people(db: Scoped, tenantId: string, span: ChoiceSpan): ReturnType<ConsentBook['people']> {
  const { rows } = await sql<Awaited<ReturnType<ConsentBook['people']>>>`
    SELECT ${COUNTS} FROM (
      SELECT DISTINCT ON (proof_id) asked, analytical, marketing FROM consent_choices
      WHERE ${within(tenantId, span)} ORDER BY proof_id, made_at DESC
    ) AS latest`.execute(db);
  return rows[0] ?? { granted: 0, partly: 0, refused: 0 };
}

/** Each page in a transaction of its own: a slow reader holds nothing open. */
async function* pages(
  own: <T>(work: (db: Scoped) => Promise<T>) => Promise<T>,
  tenantId: string,
  span: ChoiceSpan,
  most: number,
): AsyncGenerator<Choice[]> {
  let last: Choice | undefined;
  for (;;) {
    const page: Choice[] = await own((db) => pageAfter(db, tenantId, span, last, most));
    last = page.at(-1);
    if (page.length > 0) yield page;
    if (page.length < most) return;
  }
}

async function pageAfter(
  db: Scoped,
  tenantId: string,
  span: ChoiceSpan,
  last: Choice | undefined,
  most: number,
): Promise<Choice[]> {
  const past = last === undefined ? sql`` : sql`AND (made_at, id) > (${timeOf(last.time)}, ${last.id}::uuid)`;
  const rows = await db
    .selectFrom('consent_choices')
    .selectAll()
    .where(sql<boolean>`${within(tenantId, span)} ${past}`)
    .orderBy('made_at')
    .orderBy('id')
    .limit(most)
    .execute();
  return rows.map(choiceOf);
}

function timeOf(ms: number): RawBuilder<unknown> {
  return sql`${new Date(ms)}::timestamptz`;
}

function choiceOf(row: Selectable<Tables['consent_choices']>): Choice {
  return {
    id: row.id,
    time: row.made_at,
    domain: row.domain,
    proofId: row.proof_id,
    visitorId: row.visitor_id,
    analytical: row.analytical,
    marketing: row.marketing,
    asked: row.asked,
    change: row.change,
    textVersion: row.text_version,
    language: row.language,
    surface: row.surface,
    gpc: row.gpc,
  };
}
