import { type RawBuilder, sql } from 'kysely';
import {
  type AuditActor,
  type AuditEntry,
  type AuditNote,
  type AuditSeal,
  auditContent,
  byHub,
  cleanDetail,
  cleanText,
  NO_HASH,
  RETENTION_ACTION,
} from '../../../model/audit-entry.ts';
import { createIdSequence } from '../../../model/uuid.ts';
import type { AuditPage, AuditQuestion, PlatformAudit, TenantAudit } from '../../records-audit.ts';
import { at, type Database, type Scoped } from './database.ts';

const PAGE_ROWS = 1000;
const ids = createIdSequence();

interface Row {
  tenant_id: string;
  number: number;
  id: string;
  time: number;
  actor_kind: AuditActor['kind'];
  actor_id: string | null;
  actor_name: string;
  action: string;
  target: string | null;
  detail: Record<string, unknown>;
  outcome: AuditEntry['outcome'];
  address: string | null;
  agent: string | null;
  previous: Buffer;
  hash: Buffer;
}

/** The audit log of one tenant. */
export function tenantAudit(database: Database, tenantId: string): TenantAudit {
  return {
    append: (notes, seal) => database.asTenant(tenantId, (db) => append(db, tenantId, notes, seal)),
    list: (question, page) => database.asTenant(tenantId, (db) => list(db, tenantId, question, page)),
    async *chain(from = 1) {
      for (let next = from; ; ) {
        const start = next;
        // Each page in a transaction of its own: a slow reader holds nothing open.
        const { rows } = await database.asTenant(tenantId, (db) =>
          sql<Row>`SELECT * FROM audit_log WHERE tenant_id = ${tenantId} AND number >= ${start}
            ORDER BY number LIMIT ${PAGE_ROWS}`.execute(db),
        );
        if (rows.length > 0) yield rows.map(entryOf);
        if (rows.length < PAGE_ROWS) return;
        next = (rows.at(-1) as Row).number + 1;
      }
    },
  };
}

/** The audit logs of all tenants. */
export function platformAudit(database: Database): PlatformAudit {
  return {
    list: (question, page) => database.withAccess('platform', (db) => list(db, null, question, page)),
    cut: (tenantId, before, seal) =>
      database.withAccess('platform', async (db) => {
        const { rows } = await sql<{ removed: number; through: number }>`
          SELECT removed, through FROM cut_audit_log(${tenantId}, ${at(before)})`.execute(db);
        const { removed = 0, through = 0 } = rows[0] ?? {};
        if (removed > 0) {
          const detail = { removed, through, before: new Date(before).toISOString() };
          await append(db, tenantId, [byHub(RETENTION_ACTION, 'audit log', detail)], seal);
        }
        return removed;
      }),
    async weaknesses() {
      const { rows } = await database.withAccess('platform', (db) =>
        sql<{
          name: string;
        }>`SELECT wanted.name FROM (VALUES ('keep_audit_log'), ('keep_audit_log_whole')) AS wanted (name)
          WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'audit_log'::regclass
            AND t.tgname = wanted.name AND t.tgenabled IN ('O', 'A'))`.execute(db),
      );
      return rows.map(({ name }) => `the trigger ${name} on the table audit_log is missing or switched off`);
    },
  };
}

/** Writers of one tenant go one after another, in all hubs, so that each entry holds the hash of the one before it. */
async function append(
  db: Scoped,
  tenantId: string,
  notes: readonly AuditNote[],
  seal: AuditSeal,
): Promise<AuditEntry[]> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('audit' || ${tenantId}::text, 0))`.execute(db);
  const { rows } = await sql<Pick<Row, 'number' | 'time' | 'hash'>>`
    SELECT number, time, hash FROM audit_log WHERE tenant_id = ${tenantId} ORDER BY number DESC LIMIT 1`.execute(db);
  let last = rows[0] ?? { number: 0, time: 0, hash: NO_HASH };
  const written: AuditEntry[] = [];
  for (const note of notes) {
    const entry = follow(tenantId, note, last, seal);
    await insert(db, entry);
    written.push(entry);
    last = entry;
  }
  return written;
}

/** The note as the entry after another. A clock that was set back does not turn the order round. */
function follow(
  tenantId: string,
  note: AuditNote,
  last: Pick<AuditEntry, 'number' | 'time' | 'hash'>,
  seal: AuditSeal,
): AuditEntry {
  const time = Math.max(Date.now(), last.time);
  const content = {
    id: ids.next(time),
    tenantId,
    number: last.number + 1,
    time,
    actor: {
      kind: note.actor.kind,
      id: note.actor.id === null ? null : cleanText(note.actor.id, 100),
      name: cleanText(note.actor.name),
    },
    action: note.action,
    target: note.target === null ? null : cleanText(note.target),
    detail: cleanDetail(note.detail),
    outcome: note.outcome,
    address: note.address === null ? null : cleanText(note.address, 64),
    agent: note.agent === null ? null : cleanText(note.agent, 200),
    previous: last.hash,
  };
  return { ...content, hash: seal(auditContent(content)) };
}

async function insert(db: Scoped, entry: AuditEntry): Promise<void> {
  const { actor } = entry;
  await sql`INSERT INTO audit_log (tenant_id, number, id, time, actor_kind, actor_id, actor_name, action, target, detail,
      outcome, address, agent, previous, hash)
    VALUES (${entry.tenantId}, ${entry.number}, ${entry.id}, ${at(entry.time)}, ${actor.kind}, ${actor.id}, ${actor.name},
      ${entry.action}, ${entry.target}, ${JSON.stringify(entry.detail)}::jsonb, ${entry.outcome}, ${entry.address},
      ${entry.agent}, ${entry.previous}, ${entry.hash})`.execute(db);
}

/** Ids ascend with time, so that one column is the order of a list over all tenants. */
async function list(
  db: Scoped,
  tenantId: string | null,
  { from, to, actor, action }: AuditQuestion,
  { after, limit }: AuditPage,
): Promise<AuditEntry[]> {
  const tests: RawBuilder<unknown>[] = [sql`true`];
  if (tenantId !== null) tests.push(sql`tenant_id = ${tenantId}`);
  if (after !== null) tests.push(sql`id < ${after}::uuid`);
  if (from !== undefined) tests.push(sql`time >= ${at(from)}`);
  if (to !== undefined) tests.push(sql`time < ${at(to)}`);
  if (action !== undefined) tests.push(sql`action LIKE ${`${literal(action)}%`}`);
  if (actor !== undefined) tests.push(sql`(actor_id = ${actor} OR actor_name ILIKE ${`%${literal(actor)}%`})`);
  const { rows } = await sql<Row>`SELECT * FROM audit_log WHERE ${sql.join(tests, sql` AND `)}
    ORDER BY id DESC LIMIT ${limit}`.execute(db);
  return rows.map(entryOf);
}

/** A text in which LIKE finds no signs of its own. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}

function entryOf(row: Row): AuditEntry {
  const { id, number, time, action, target, detail, outcome, address, agent, previous, hash } = row;
  const actor = { kind: row.actor_kind, id: row.actor_id, name: row.actor_name };
  return {
    id,
    tenantId: row.tenant_id,
    number,
    time,
    actor,
    action,
    target,
    detail,
    outcome,
    address,
    agent,
    previous,
    hash,
  };
}
