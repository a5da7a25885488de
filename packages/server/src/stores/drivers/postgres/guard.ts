import { Fault } from '../../../model/fault.ts';
import { APP_ROLE, SCHEMA } from './migrate.ts';

/** Runs a statement; a pool or client of `pg` is one. */
export interface Queries {
  query(sql: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

// `pg_has_role(…, 'MEMBER')` follows memberships of memberships: what the role may become counts as what it is.
const WEAKNESSES = `
  SELECT 'it works as ' || current_user || ' instead' AS weakness WHERE current_user <> $1
  UNION ALL
  SELECT CASE WHEN rolname = $1 THEN 'it ' ELSE 'it is a member of ' || quote_ident(rolname) || ', which ' END
    || CASE WHEN rolsuper THEN 'is a superuser' ELSE 'has BYPASSRLS' END
  FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role($1, oid, 'MEMBER')
  UNION ALL
  SELECT 'it may log in' FROM pg_roles WHERE rolname = $1 AND rolcanlogin
  UNION ALL
  SELECT 'it owns, or may act as the owner of, table ' || relname
  FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = $2::regnamespace
    AND NOT (SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname = $1) AND pg_has_role($1, relowner, 'MEMBER')
  UNION ALL
  SELECT 'it may do more to the audit log than add to it'
  WHERE has_table_privilege($1, format('%s.audit_log', $2::regnamespace), 'UPDATE, DELETE, TRUNCATE, TRIGGER')
  UNION ALL
  SELECT 'row security is not forced on table ' || c.relname
  FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = $2::regnamespace
    AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    AND (c.relname = 'tenants' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'))`;

/**
 * Refuses a database in which the application's role could see past row security: a superuser, BYPASSRLS, a log-in
 * role, the owner of tables, a member of such a role, or a tenant's table without forced row security; or change the
 * audit log.
 * Throws a Fault `row-security` that lists what is wrong.
 */
export async function refuseWeakRole(connection: Queries): Promise<void> {
  const { rows } = await connection.query(WEAKNESSES, [APP_ROLE, SCHEMA]);
  if (rows.length === 0) return;
  const list = rows.map((row) => row.weakness).join('; ');
  throw new Fault('row-security', `the database role ${APP_ROLE} could see across tenants: ${list}`);
}
