import type { Queries } from './guard.ts';
import { SCHEMA } from './migrate.ts';

// Each query answers with lines in an order that does not hang on when things were made. $1 is the schema.
const SECTIONS: Record<string, string> = {
  tables: `
    SELECT format('TABLE %s%s%s', relname, CASE WHEN relrowsecurity THEN ' ROW SECURITY' END,
      CASE WHEN relforcerowsecurity THEN ' FORCED' END) AS line
    FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY relname`,
  columns: `
    SELECT format('COLUMN %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum`,
  constraints: `
    SELECT format('CONSTRAINT %s.%s %s', c.relname, o.conname, pg_get_constraintdef(o.oid)) AS line
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
    WHERE o.connamespace = $1::regnamespace AND o.contype <> 'n' ORDER BY c.relname, o.conname`,
  indexes: `SELECT 'INDEX ' || indexdef AS line FROM pg_indexes WHERE schemaname = $1 ORDER BY tablename, indexname`,
  policies: `
    SELECT format('POLICY %s ON %s FOR %s%s%s', policyname, tablename, cmd, ' USING ' || qual, ' CHECK ' || with_check) AS line
    FROM pg_policies WHERE schemaname = $1 ORDER BY tablename, policyname`,
  functions: `
    SELECT regexp_replace(pg_get_functiondef(oid), E'\\\\s+', ' ', 'g') AS line
    FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY oid::regprocedure::text`,
  triggers: `
    SELECT pg_get_triggerdef(t.oid) AS line
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = $1::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname`,
  grants: `
    SELECT format('GRANT %s ON %s TO %s', string_agg(privilege_type, ', ' ORDER BY privilege_type), table_name, grantee) AS line
    FROM information_schema.role_table_grants WHERE table_schema = $1 AND grantee = 'vedette_app'
    GROUP BY table_name, grantee ORDER BY table_name`,
};

/**
 * The schema as text, the same for equal schemas whatever their history: tables, columns, constraints, indexes,
 * policies, functions, triggers and what the application's role may do. Made for comparing, not for running.
 */
export async function dumpSchema(connection: Queries): Promise<string> {
  const parts: string[] = [];
  for (const [section, sql] of Object.entries(SECTIONS)) {
    const { rows } = await connection.query(sql, [SCHEMA]);
    parts.push(`-- ${section}`, ...rows.map((row) => String(row.line).trim()), '');
  }
  return parts.join('\n');
}
