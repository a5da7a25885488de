import { Source, SourcesAnswer } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { ImportFile, SourceRecord } from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { type ExportFormat, exportAnswer, FORMAT, pagesOf, sendExport } from '../export.ts';
import type { Hub } from '../ports.ts';
import { addRoute, TENANT } from '../route.ts';

/** A source that was heard of since is live. */
const LIVE_MS = 120_000;
const MINUTE_MS = 60_000;
const MOST_FILES = 200;
const COLUMNS = [
  ...Object.keys(Source.properties).filter((name) => name !== 'last_error'),
  'last_error.at',
  'last_error.text',
];
/** All of them, unless a page is asked for. */
const MOST_SHOWN = 1000;

/** Who sends requests. */
export function addSourceRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/sources',
    access: 'read',
    summary: 'What sends requests to a tenant, the last heard of first',
    description:
      'Edges, programs, agents and files with their rate, lag, drops, clock skew and last error. Kept for the 500 ' +
      'sources heard of last; of files the 200 imported last.',
    query: Type.Object({ tenant: TENANT, ...pageQuery(MOST_SHOWN) }),
    answers: { 200: { description: 'The sources', schema: SourcesAnswer } },
    async handler(request): Promise<SourcesAnswer> {
      const tenant = await tenantOf(hub, request);
      const page = readPage(request, tenant.id, ['text', 'uuid']);
      const { sources, first } = await readSources(hub, tenant.id);
      const { rows, next } = page.slice(sources, ({ last_seen, id }) => [last_seen, id], 'descending');
      return {
        sources: rows,
        first_request: first === null ? null : textOf(first),
        next,
      };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/sources/export',
    access: 'export',
    summary: 'What sends requests to a tenant, as a file, the last heard of first',
    query: Type.Object({ tenant: TENANT, format: FORMAT }),
    answers: { 200: exportAnswer(Source, `${COLUMNS.slice(0, 3).join(',')},…\r\n01a2…,edge,www-1,…\r\n`) },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const { format = 'csv' } = request.query as { format?: ExportFormat };
      const { sources } = await readSources(hub, tenant.id);
      const pages = pagesOf(sources.sort((a, b) => (a.last_seen < b.last_seen ? 1 : -1)));
      return sendExport(reply, format, { name: `sources-${tenant.slug}`, columns: COLUMNS, pages });
    },
  });
}

/** What is known of a tenant's sources, and when its first request arrived. */
async function readSources(hub: Hub, tenantId: string): Promise<{ sources: Source[]; first: number | null }> {
  const records = hub.records.forTenant(tenantId);
  // What this hub has noted in the last seconds is told too.
  await hub.sources.flush(tenantId);
  const [known, files] = await Promise.all([records.sources.list(), records.imports.list(MOST_FILES)]);
  const now = Date.now();
  const sources = [...known.map((source) => showSource(source, now)), ...files.map((file) => showFile(file, now))];
  const firsts = [
    ...known.map(({ firstRequest }) => firstRequest),
    ...files.map(({ lines, createdAt }) => (lines.accepted > 0 ? createdAt : null)),
  ].filter((time) => time !== null);
  return { sources, first: firsts.length === 0 ? null : firsts.reduce((least, time) => Math.min(least, time)) };
}

function showSource(source: SourceRecord, now: number): Source {
  return {
    id: source.id,
    kind: source.kind,
    name: source.name,
    agent: source.agent,
    first_seen: textOf(source.firstSeen),
    last_seen: textOf(source.lastSeen),
    requests: source.requests,
    refused: source.refused,
    dropped: source.dropped,
    per_second: perSecond(source, now),
    lag_seconds: secondsOf(source.lagMs),
    clock_skew_seconds: secondsOf(source.skewMs),
    last_error: source.error === null ? null : { at: textOf(source.error.at), text: source.error.text },
    state: stateOf(source.lastSeen, now),
  };
}

/** Of this minute all, of the one before as much of it as still lies within sixty seconds. */
function perSecond({ minute, minuteRequests, minuteBefore }: SourceRecord, now: number): number {
  const current = Math.floor(now / MINUTE_MS);
  const rest = 1 - (now % MINUTE_MS) / MINUTE_MS;
  const requests =
    current === minute ? minuteRequests + minuteBefore * rest : current === minute + 1 ? minuteRequests * rest : 0;
  return Math.round((requests / 60) * 100) / 100;
}

function showFile(file: ImportFile, now: number): Source {
  const { lines, updatedAt, lastEventAt } = file;
  return {
    id: file.id,
    kind: 'file',
    name: file.name,
    agent: file.format,
    first_seen: textOf(file.createdAt),
    last_seen: textOf(updatedAt),
    requests: lines.accepted,
    refused: lines.rejected,
    dropped: 0,
    per_second: 0,
    lag_seconds: lastEventAt === null ? null : secondsOf(updatedAt - lastEventAt),
    clock_skew_seconds: null,
    last_error:
      file.pending.length > 0 && updatedAt < now - LIVE_MS
        ? { at: textOf(updatedAt), text: 'the import was interrupted; import the file again' }
        : null,
    state: stateOf(updatedAt, now),
  };
}

function stateOf(lastSeen: number, now: number): Source['state'] {
  return now - lastSeen < LIVE_MS ? 'live' : 'quiet';
}

function textOf(time: number): string {
  return new Date(time).toISOString();
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
