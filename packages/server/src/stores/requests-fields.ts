import type { FieldName } from '../model/field.ts';
import { findField } from '../model/field.ts';
import type { Filter, Match } from '../model/filter.ts';
import type { Params } from './drivers/clickhouse/client.ts';

/** The domain of roll-ups of all domains together, by hour and by day. Domains are stored in lower case. */
export const ALL_DOMAINS = 'ALL';

const CLASS_OF_ROW = "multiIf(is_bot = 1, 'bots', network_kind = 'hosting', 'hosting', 'people')";

/** Each field as an expression over a row of `requests`. Texts are '' and numbers -1 or 0 where unknown. */
const ROW_FIELDS: Record<FieldName, string> = {
  country: 'country',
  region: 'region',
  city: 'city',
  asn: 'asn',
  network: 'as_org',
  network_kind: 'network_kind',
  class: CLASS_OF_ROW,
  domain: 'domain',
  method: 'method',
  path: 'path',
  route: 'route',
  query: 'query',
  status: 'status',
  status_class: "if(status < 100, '', concat(toString(intDiv(status, 100)), 'xx'))",
  protocol: 'protocol',
  referrer: 'referrer',
  device: 'device_type',
  os: 'os_name',
  browser: 'browser_name',
  bot: 'is_bot',
  bot_name: 'bot_name',
  bot_kind: 'bot_kind',
  bot_verified: 'bot_verified',
  user_agent: "ifNull(user_agent, '')",
  origin: 'origin',
  consent: 'consent',
  threat_score: 'threat_score',
  attack_score: 'attack_score',
  duration_ms: 'if(duration_us < 0, -1, duration_us / 1000)',
  bytes_in: 'bytes_in',
  bytes_out: 'bytes_out',
};

const VISIT_FIELDS: Partial<Record<FieldName, string>> = {
  domain: 'domain',
  class: 'toString(class)',
  bot: "class = 'bots'",
  origin: 'origin',
};

const COUNT_FIELDS: Partial<Record<FieldName, string>> = {
  ...VISIT_FIELDS,
  country: 'country',
  device: 'device_type',
  status_class: "if(status_class = 0, '', concat(toString(status_class), 'xx'))",
};

/** The kinds of tables that traffic is read from, and the expressions of the fields each has. */
export const FIELDS_OF = { rows: ROW_FIELDS, counts: COUNT_FIELDS, visits: VISIT_FIELDS } as const;
export type TableKind = keyof typeof FIELDS_OF;

/** The SQL of a field in that kind of table; undefined when it has no such field. */
export function fieldSql(kind: TableKind, field: FieldName): string | undefined {
  return (FIELDS_OF[kind] as Partial<Record<FieldName, string>>)[field];
}

/** Collects values for `{name:Type}` placeholders, so that no value ever becomes part of a statement's text. */
export interface Binder {
  readonly params: Params;
  /** The placeholder for a value. */
  bind(value: string | number, type: 'String' | 'Float64' | 'Int64' | 'UUID' | 'UInt64'): string;
}

export function createBinder(): Binder {
  const params: Params = {};
  let count = 0;
  return {
    params,
    bind(value, type) {
      const name = `p${count}`;
      count += 1;
      params[name] = value;
      return `{${name}:${type}}`;
    },
  };
}

/**
 * A filter as SQL over that kind of table, meaning what `matcher` of the model means: unknown numbers are in no range,
 * fields without regard to case are compared in lower case.
 */
export function filterSql(filter: Filter, kind: TableKind, binder: Binder): string {
  const field = findField(filter.field);
  const sql = fieldSql(kind, filter.field);
  if (field === undefined || sql === undefined) throw new Error(`${kind} has no field ${filter.field}`);
  const parts =
    field.kind === 'number'
      ? filter.any.map((match) => rangeSql(match, sql, binder))
      : field.kind === 'flag'
        ? filter.any.map((match) => flagSql(match, sql))
        : textSql(filter.any, sql, field.anyCase === true, binder);
  const any = parts.length === 0 ? '0' : parts.join(' OR ');
  return filter.negated ? `NOT (${any})` : `(${any})`;
}

function rangeSql(match: Match, sql: string, binder: Binder): string {
  if (match.is !== 'range') return '0';
  const bounds = [`${sql} >= 0`];
  if (match.from === Infinity || match.to === -Infinity) return '0';
  if (match.from !== -Infinity) bounds.push(`${sql} >= ${binder.bind(match.from, 'Float64')}`);
  if (match.to !== Infinity) bounds.push(`${sql} <= ${binder.bind(match.to, 'Float64')}`);
  return `(${bounds.join(' AND ')})`;
}

function flagSql(match: Match, sql: string): string {
  return match.is === 'equal' && match.value === 'true' ? `(${sql})` : `NOT (${sql})`;
}

function textSql(any: readonly Match[], sql: string, anyCase: boolean, binder: Binder): string[] {
  const column = anyCase ? `lowerUTF8(${sql})` : sql;
  const fold = (text: string) => (anyCase ? text.toLowerCase() : text);
  const equals: string[] = [];
  const parts: string[] = [];
  for (const match of any) {
    if (match.is === 'equal') equals.push(binder.bind(fold(match.value), 'String'));
    else if (match.is === 'glob') {
      parts.push(`${column} LIKE ${binder.bind(likePattern(fold(match.pattern)), 'String')}`);
    }
  }
  // Domains are stored in lower case: without the function the sorting key is used.
  if (equals.length > 0) parts.unshift(`${sql === 'domain' ? sql : column} IN (${equals.join(', ')})`);
  return parts;
}

/** A glob as a LIKE pattern: `*` is `%`, everything else stands for itself. */
export function likePattern(glob: string): string {
  return glob.replace(/[\\%_]/g, '\\$&').replace(/\*+/g, '%');
}
