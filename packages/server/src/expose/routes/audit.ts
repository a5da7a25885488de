import { AuditAnswer, AuditIntegrity, AuditRecord } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { AuditEntry } from '../../model/audit-entry.ts';
import type { Tenant } from '../../stores/records.ts';
import type { AuditPage, AuditQuestion } from '../../stores/records-audit.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { type ExportFormat, exportAnswer, FORMAT, sendExport } from '../export.ts';
import type { ChainReport, Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { parseTime } from '../time-range.ts';

const EXPORT_ROWS = 1000;
const TIME = 'RFC 3339, ms since the epoch, now, or a time from now such as -30d';
const QUESTION = {
  tenant: TENANT,
  from: Type.Optional(Type.String({ maxLength: 100, description: `Inclusive. ${TIME}.` })),
  to: Type.Optional(Type.String({ maxLength: 100, description: `Exclusive. ${TIME}.` })),
  actor: Type.Optional(Type.String({ maxLength: 200, description: 'Id of who did it, or a part of the name.' })),
  action: Type.Optional(
    Type.String({ maxLength: 100, description: 'What was done, or how that begins, such as key or key.create.' }),
  ),
};
const OPERATORS = 'For operators who name no tenant: of all tenants.';
const COLUMNS = [
  'id',
  'tenant',
  'number',
  'time',
  'actor.kind',
  'actor.id',
  'actor.name',
  'action',
  'target',
  'detail',
  'outcome',
  'address',
  'agent',
  'hash',
] as const;
const CSV = `${COLUMNS.slice(0, 4).join(',')},…\r\n01a2021a-…,acme,17,2026-11-26T12:00:00.000Z,…\r\n`;

interface Parameters {
  tenant?: string;
  from?: string;
  to?: string;
  actor?: string;
  action?: string;
}

/** What was done, by whom. */
export function addAuditRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/audit',
    access: 'audit',
    summary: 'The audit log, the newest entries first',
    description: OPERATORS,
    query: Type.Object({ ...QUESTION, ...pageQuery() }),
    answers: {
      200: { description: 'A page of entries', schema: AuditAnswer },
      400: { description: 'Wrong usage, or a window that cannot be', codes: ['bad-time', 'bad-window'] },
    },
    async handler(request): Promise<AuditAnswer> {
      const { tenant, read, slugs } = await logOf(hub, request);
      const page = readPage(request, tenant?.id ?? null, ['uuid']);
      const question = questionOf(request.query as Parameters);
      const entries = await read(question, { after: page.after?.[0] ?? null, limit: page.limit + 1 });
      const { rows, next } = page.cut(entries, ({ id }) => [id] as const);
      return { entries: rows.map((entry) => showEntry(entry, slugs)), next };
    },
  });
  addExport(app, hub);
  addIntegrity(app, hub);
}

function addExport(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/audit/export',
    access: 'audit',
    audit: 'audit.export',
    summary: 'The audit log as a file, the newest entries first',
    description: OPERATORS,
    query: Type.Object({ ...QUESTION, format: FORMAT }),
    answers: {
      200: exportAnswer(AuditRecord, CSV),
      400: { description: 'Wrong usage, or a window that cannot be', codes: ['bad-time', 'bad-window'] },
    },
    async handler(request, reply) {
      const { tenant, read, slugs } = await logOf(hub, request);
      const query = request.query as Parameters & { format?: ExportFormat };
      const { format = 'csv', tenant: _, ...asked } = query;
      const question = questionOf(query);
      request.audit({ target: 'audit log', detail: { format, ...asked } });
      async function* pages(): AsyncGenerator<AuditRecord[]> {
        for (let after: string | null = null; ; ) {
          const entries: AuditEntry[] = await read(question, { after, limit: EXPORT_ROWS });
          if (entries.length > 0) yield entries.map((entry) => showEntry(entry, slugs));
          if (entries.length < EXPORT_ROWS) return;
          after = (entries.at(-1) as AuditEntry).id;
        }
      }
      return sendExport(reply, format, {
        name: tenant === null ? 'audit' : `audit-${tenant.slug}`,
        columns: COLUMNS,
        pages: pages(),
      });
    },
  });
}

function addIntegrity(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/audit/integrity',
    access: 'audit',
    summary: 'Whether the audit log is as it was written',
    description: `Every entry holds a keyed hash over itself and the one before it; all of them are checked. ${OPERATORS}`,
    query: Type.Object({ tenant: TENANT }),
    answers: { 200: { description: 'What was found', schema: AuditIntegrity } },
    async handler(request): Promise<AuditIntegrity> {
      const { tenant } = await logOf(hub, request);
      const tenants = tenant === null ? await hub.records.unscoped.tenants.list() : [tenant];
      const logs: AuditIntegrity['logs'] = [];
      for (const { id, slug } of tenants) logs.push(showReport(slug, await hub.audit.check(id)));
      const weaknesses = request.principal?.operator === true ? await hub.audit.weaknesses() : [];
      return { intact: weaknesses.length === 0 && logs.every(({ intact }) => intact), logs, weaknesses };
    },
  });
}

interface Log {
  /** null: all tenants'. */
  tenant: Tenant | null;
  read(question: AuditQuestion, page: AuditPage): Promise<AuditEntry[]>;
  /** Names of tenants by id. */
  slugs: ReadonlyMap<string, string>;
}

/** The log that is asked for. */
async function logOf(hub: Hub, request: FastifyRequest): Promise<Log> {
  const { records } = hub;
  const named = (request.query as Parameters).tenant ?? '';
  if (request.principal?.operator === true && named === '') {
    const slugs = new Map((await records.unscoped.tenants.list()).map(({ id, slug }) => [id, slug]));
    return { tenant: null, read: (question, page) => records.unscoped.audit.list(question, page), slugs };
  }
  const tenant = await tenantOf(hub, request);
  const { audit } = records.forTenant(tenant.id);
  const slugs = new Map([[tenant.id, tenant.slug]]);
  return { tenant, read: (question, page) => audit.list(question, page), slugs };
}

function questionOf({ from, to, actor, action }: Parameters): AuditQuestion {
  const now = Date.now();
  const time = (text: string | undefined, name: string) => {
    const parsed = text === undefined ? undefined : parseTime(text, now, name);
    if (typeof parsed === 'object') throw refused(parsed, 400);
    return parsed;
  };
  const [begin, end] = [time(from, 'from'), time(to, 'to')];
  if (begin !== undefined && end !== undefined && begin >= end) {
    throw new ProblemError(400, 'bad-window', 'from is not before to');
  }
  return { from: begin, to: end, actor, action };
}

function showEntry(entry: AuditEntry, slugs: ReadonlyMap<string, string>): AuditRecord {
  const { id, tenantId, number, time, actor, action, target, detail, outcome, address, agent, hash } = entry;
  return {
    id,
    tenant: slugs.get(tenantId) ?? tenantId,
    number,
    time: new Date(time).toISOString(),
    actor: { ...actor },
    action,
    target,
    detail: { ...detail },
    outcome,
    address,
    agent,
    hash: hash.toString('hex'),
  };
}

function showReport(
  slug: string,
  { intact, entries, first, last, faults }: ChainReport,
): AuditIntegrity['logs'][number] {
  const shown = <End extends { time: number }>(end: End) => ({ ...end, time: new Date(end.time).toISOString() });
  return {
    tenant: slug,
    intact,
    entries,
    first: first === null ? null : shown(first),
    last: last === null ? null : shown(last),
    faults,
  };
}
