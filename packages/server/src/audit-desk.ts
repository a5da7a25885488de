import { type AuditHeads, openAuditHeads } from './audit-heads.ts';
import { openAuditJournal } from './audit-journal.ts';
import type { Closing } from './engines.ts';
import type { AuditDesk, ChainReport } from './expose/ports.ts';
import { createRefusalBudget } from './flow/refusal-budget.ts';
import { type AuditEntry, type AuditNote, type AuditSeal, createChainWalk } from './model/audit-entry.ts';
import type { Log, Records } from './stores/records.ts';

/** Refusals and failures that are written of one tenant and action in an hour; an attacker brings about any number. */
const REFUSALS_AN_HOUR = 200;
const SAVE_MS = 30_000;
const DAY_MS = 86_400_000;

export interface AuditTools {
  /** Data directory, which has the ends of the chains. */
  data: string;
  records: Records;
  seal: AuditSeal;
  log: Log;
  closing: Closing;
}

/** Writes and checks the audit log. */
export async function openAuditDesk({ data, records, seal, log, closing }: AuditTools): Promise<AuditDesk> {
  const heads = await openAuditHeads(data);
  const budget = createRefusalBudget(REFUSALS_AN_HOUR);
  const save = () =>
    heads.save().catch((error: unknown) => log.warn({ err: error }, 'the ends of the audit log were not noted'));
  const timer = setInterval(() => void save(), SAVE_MS);
  timer.unref();
  const journal = openAuditJournal(data);
  closing.add('the audit log', async () => {
    clearInterval(timer);
    await save();
    journal.close();
  });

  async function append(tenantId: string, notes: readonly AuditNote[]): Promise<void> {
    const last = (await records.forTenant(tenantId).audit.append(notes, seal)).at(-1);
    if (last !== undefined) heads.note(tenantId, headOf(last));
  }

  for (const { tenants, note } of journal.left) {
    for (const tenantId of tenants) {
      await append(tenantId, [note]).catch((error: unknown) =>
        log.error({ err: error, tenant: tenantId, action: note.action }, 'what was begun could not be told to the log'),
      );
    }
  }
  journal.settle();

  return {
    begin: (tenants, note) => journal.begin({ tenants, note }),
    async add(tenantId, note) {
      if (note.outcome === 'done') return append(tenantId, [note]);
      const { write, leftOut, last } = budget.take(`${tenantId} ${note.action}`, Date.now());
      if (!write) return;
      const detail = {
        ...note.detail,
        ...(leftOut > 0 ? { left_out_before: leftOut } : {}),
        ...(last ? { further: 'of this hour are counted only' } : {}),
      };
      return append(tenantId, [{ ...note, detail }]);
    },
    check: (tenantId) => checkChain(records, seal, heads, tenantId),
    weaknesses: () => records.unscoped.audit.weaknesses(),
    async cut(days) {
      const before = Date.now() - days * DAY_MS;
      let removed = 0;
      for (const { id } of await records.unscoped.tenants.list()) {
        removed += await records.unscoped.audit.cut(id, before, seal);
      }
      return removed;
    },
  };
}

function headOf({ number, hash }: AuditEntry) {
  return { number, hash: hash.toString('hex') };
}

/** Walks the whole chain of a tenant, and holds its end against what was noted outside of the database. */
async function checkChain(
  records: Records,
  seal: AuditSeal,
  heads: AuditHeads,
  tenantId: string,
): Promise<ChainReport> {
  const noted = heads.get(tenantId);
  const walk = createChainWalk(seal);
  let meets = noted === undefined;
  for await (const page of records.forTenant(tenantId).audit.chain()) {
    for (const entry of page) {
      walk.add(entry);
      if (entry.number === noted?.number) meets = entry.hash.toString('hex') === noted.hash;
    }
  }
  const { entries, first, last, faults } = walk.end();
  if (!meets && noted !== undefined) {
    const reason =
      (last?.number ?? 0) < noted.number
        ? `the chain ends before entry ${noted.number}, which was there`
        : 'it is not the entry that was there';
    faults.push({ number: noted.number, reason });
  }
  if (faults.length === 0 && last !== null) heads.note(tenantId, headOf(last));
  return {
    intact: faults.length === 0,
    entries,
    first: first === null ? null : { number: first.number, time: first.time },
    last: last === null ? null : { number: last.number, time: last.time, hash: last.hash.toString('hex') },
    faults,
  };
}
