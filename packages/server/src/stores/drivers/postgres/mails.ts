import type { Mails } from '../../mails.ts';
import { at, type Database } from './database.ts';

const LONGEST_ERROR = 500;

/** Mails on their way. */
export function mails(database: Database): Mails {
  return {
    async add({ id, tenantId, kind, subjectId, expiresAt }, seal) {
      const sealed = seal(purposeOf(id));
      await database.withAccess('platform', (db) =>
        db
          .insertInto('mails')
          .values({ id, tenant_id: tenantId, kind, subject_id: subjectId, sealed, expires_at: new Date(expiresAt) })
          .execute(),
      );
    },
    async find(id) {
      const row = await database.withAccess('platform', (db) =>
        db
          .selectFrom('mails')
          .select(['sealed', 'created_at', 'expires_at'])
          .where('id', '=', id)
          .where('sealed', 'is not', null)
          .executeTakeFirst(),
      );
      if (row === undefined || row.sealed === null) return null;
      return { id, sealed: row.sealed, purpose: purposeOf(id), createdAt: row.created_at, expiresAt: row.expires_at };
    },
    async noteError(id, error) {
      await database.withAccess('platform', (db) =>
        db
          .updateTable('mails')
          .set({ error: error.slice(0, LONGEST_ERROR) })
          .where('id', '=', id)
          .execute(),
      );
    },
    async end(id, state, error) {
      await database.withAccess('platform', (db) =>
        db
          .updateTable('mails')
          .set({ state, sealed: null, finished_at: new Date(), error: error?.slice(0, LONGEST_ERROR) ?? null })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .execute(),
      );
    },
    waiting: (beforeMs) =>
      database.withAccess('platform', (db) =>
        db
          .selectFrom('mails')
          .select('id')
          .where('state', '=', 'waiting')
          .where('created_at', '<=', at(beforeMs))
          .orderBy('created_at')
          .execute(),
      ),
  };
}

/** What a mail's sealed value is bound to. */
function purposeOf(id: string): string {
  return `mail ${id}`;
}
