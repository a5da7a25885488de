import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import type { Factors, Passkey } from '../../factors.ts';
import { dropIdleCodes, type Run } from './recovery-codes.ts';
import type { Tables } from './tables.ts';

/** Passkeys of people. */
export function passkeys(run: Run): Factors['passkeys'] {
  return {
    async list(userId) {
      const rows = await run((db) =>
        db
          .selectFrom('passkeys')
          .selectAll()
          .where('user_id', '=', userId)
          .orderBy('created_at')
          .orderBy('id')
          .execute(),
      );
      return rows.map(passkeyOf);
    },
    async find(credentialId) {
      const row = await run((db) =>
        db.selectFrom('passkeys').selectAll().where('credential_id', '=', credentialId).executeTakeFirst(),
      );
      return row === undefined ? null : passkeyOf(row);
    },
    add: (passkey, most) =>
      run(async (db) => {
        // Counted one after the other.
        await sql`SELECT FROM users WHERE id = ${passkey.userId} FOR UPDATE`.execute(db);
        const { count } = await db
          .selectFrom('passkeys')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('user_id', '=', passkey.userId)
          .executeTakeFirstOrThrow();
        if (count >= most) return null;
        const row = await db
          .insertInto('passkeys')
          .values({
            id: uuidv7(),
            user_id: passkey.userId,
            name: passkey.name,
            credential_id: passkey.credentialId,
            public_key: passkey.publicKey,
            counter: passkey.counter,
            transports: passkey.transports,
            synced: passkey.synced,
          })
          .onConflict((conflict) => conflict.doNothing())
          .returningAll()
          .executeTakeFirst();
        return row === undefined ? null : passkeyOf(row);
      }),
    async rename(userId, id, name) {
      if (!isUuid(id)) return null;
      const row = await run((db) =>
        db
          .updateTable('passkeys')
          .set({ name })
          .where('id', '=', id)
          .where('user_id', '=', userId)
          .returningAll()
          .executeTakeFirst(),
      );
      return row === undefined ? null : passkeyOf(row);
    },
    async remove(userId, id) {
      if (!isUuid(id)) return null;
      const row = await run(async (db) => {
        const gone = await db
          .deleteFrom('passkeys')
          .where('id', '=', id)
          .where('user_id', '=', userId)
          .returningAll()
          .executeTakeFirst();
        await dropIdleCodes(db, userId);
        return gone;
      });
      return row === undefined ? null : passkeyOf(row);
    },
    async use(id, counter, synced) {
      // Authenticators that do not count say 0 each time (WebAuthn Level 3, 6.1.1).
      const result = await run((db) =>
        db
          .updateTable('passkeys')
          .set({ counter, synced, last_used_at: new Date() })
          .where('id', '=', id)
          .where((where) =>
            where.or([
              where('counter', '<', counter),
              where.and([where('counter', '=', 0), sql<boolean>`${counter} = 0`]),
            ]),
          )
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n;
    },
  };
}

function passkeyOf(row: Selectable<Tables['passkeys']>): Passkey {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    synced: row.synced,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
