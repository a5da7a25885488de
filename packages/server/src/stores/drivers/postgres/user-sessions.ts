import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import { isUuid, uuidv7 } from '../../../model/uuid.ts';
import { type Accounts, ROTATION_GRACE_MS, type UserSession } from '../../accounts.ts';
import { at, type Database } from './database.ts';
import { hashSecret, newSecret } from './secrets.ts';
import type { Tables } from './tables.ts';
import { endSessions, membershipsOf, userOf } from './users.ts';

export const USER_SESSION_PREFIX = 'vdu_';
const LONGEST_TOKEN = 100;

/** Sessions of people; `ended` as of `accounts`. */
export function userSessions(database: Database, ended: () => void): Accounts['sessions'] {
  return {
    async open({ userId, state, factors, agent, place, validMs }) {
      const { token, hash } = newSecret(USER_SESSION_PREFIX);
      const row = await database.withAccess('log-in', async (db) => {
        const now = new Date();
        if (state === 'full') {
          await db.updateTable('users').set({ last_log_in_at: now }).where('id', '=', userId).execute();
        }
        return db
          .insertInto('user_sessions')
          .values({
            id: uuidv7(),
            user_id: userId,
            token_hash: hash,
            state,
            factors: [...factors],
            agent: agent.slice(0, 200),
            place: place.slice(0, 200),
            expires_at: new Date(now.getTime() + validMs),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
      });
      return { session: sessionOf(row), token };
    },
    async find(token, idleMs) {
      if (!token.startsWith(USER_SESSION_PREFIX) || token.length > LONGEST_TOKEN) return null;
      const hash = hashSecret(token);
      return database.withAccess('log-in', async (db) => {
        const now = Date.now();
        const row = await db
          .selectFrom('user_sessions')
          .selectAll()
          .where((where) =>
            where.or([
              where('token_hash', '=', hash),
              where.and([where('previous_hash', '=', hash), where('rotated_at', '>', at(now - ROTATION_GRACE_MS))]),
            ]),
          )
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', at(now))
          .where('last_used_at', '>', at(now - idleMs))
          .executeTakeFirst();
        if (row === undefined) return null;
        const user = await db.selectFrom('users').selectAll().where('id', '=', row.user_id).executeTakeFirstOrThrow();
        if (user.disabled_at !== null) return null;
        return {
          session: sessionOf(row),
          user: userOf(user),
          memberships: await membershipsOf(db, row.user_id),
          former: !row.token_hash.equals(hash),
        };
      });
    },
    async touch(sessionId) {
      await database.withAccess('log-in', (db) =>
        db.updateTable('user_sessions').set({ last_used_at: new Date() }).where('id', '=', sessionId).execute(),
      );
    },
    async rotate(sessionId, olderThanMs) {
      const { token, hash } = newSecret(USER_SESSION_PREFIX);
      const result = await database.withAccess('log-in', (db) =>
        db
          .updateTable('user_sessions')
          .set({ previous_hash: sql.ref('token_hash'), token_hash: hash, rotated_at: new Date() })
          .where('id', '=', sessionId)
          .where('revoked_at', 'is', null)
          .where('rotated_at', '<=', at(olderThanMs))
          .executeTakeFirst(),
      );
      return result.numUpdatedRows > 0n ? token : null;
    },
    async complete(sessionId, factor, validMs) {
      const { token, hash } = newSecret(USER_SESSION_PREFIX);
      return database
        .withAccess('log-in', async (db) => {
          const now = new Date();
          const row = await db
            .updateTable('user_sessions')
            .set({
              state: 'full',
              factors: sql`array_append(factors, ${factor})`,
              token_hash: hash,
              previous_hash: null,
              rotated_at: now,
              last_used_at: now,
              expires_at: new Date(now.getTime() + validMs),
            })
            .where('id', '=', sessionId)
            .where('state', '=', 'second-factor')
            .where('revoked_at', 'is', null)
            .where('expires_at', '>', at(now.getTime()))
            .returning('user_id')
            .executeTakeFirst();
          if (row === undefined) return null;
          await db.updateTable('users').set({ last_log_in_at: now }).where('id', '=', row.user_id).execute();
          return token;
        })
        .finally(ended);
    },
    async strengthen(sessionId, factor) {
      await database.withAccess('log-in', (db) =>
        db
          .updateTable('user_sessions')
          .set({ factors: sql`array_append(array_remove(factors, ${factor}), ${factor})` })
          .where('id', '=', sessionId)
          .execute(),
      );
      ended();
    },
    async list(userId, idleMs) {
      const now = Date.now();
      const rows = await database.withAccess('log-in', (db) =>
        db
          .selectFrom('user_sessions')
          .selectAll()
          .where('user_id', '=', userId)
          .where('state', '=', 'full')
          .where('revoked_at', 'is', null)
          .where('expires_at', '>', at(now))
          .where('last_used_at', '>', at(now - idleMs))
          .orderBy('last_used_at', 'desc')
          .execute(),
      );
      return rows.map(sessionOf);
    },
    async end(userId, sessionId) {
      if (!isUuid(sessionId)) return false;
      const result = await database.withAccess('log-in', (db) =>
        db
          .updateTable('user_sessions')
          .set({ revoked_at: new Date() })
          .where('user_id', '=', userId)
          .where('id', '=', sessionId)
          .where('revoked_at', 'is', null)
          .executeTakeFirst(),
      );
      ended();
      return result.numUpdatedRows > 0n;
    },
    async endAll(userId, keepSessionId) {
      const count = await database.withAccess('log-in', (db) => endSessions(db, userId, keepSessionId));
      ended();
      return count;
    },
  };
}

function sessionOf(row: Selectable<Tables['user_sessions']>): UserSession {
  return {
    id: row.id,
    userId: row.user_id,
    state: row.state,
    factors: row.factors,
    agent: row.agent,
    place: row.place,
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}
