import { PassThrough } from 'node:stream';
import { ImportEvent, ImportedFile, ImportResult, ImportsAnswer } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import type { FileImporter, ImportRequest } from '../../model/ways-in.ts';
import type { ImportFile, TenantRecords } from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { bodyStream } from '../body.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { type ExportFormat, exportAnswer, FORMAT, sendExport } from '../export.ts';
import type { Hub } from '../ports.ts';
import { refused, toProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';

const NDJSON = 'application/x-ndjson';
const LINE = '192.0.2.1 - - [26/Nov/2026:12:00:00 +0000] "GET /pricing HTTP/1.1" 200 5120 "-" "curl/8.5.0"\n';
const EXPORT_PAGE = 1000;
const COLUMNS = [
  'id',
  'name',
  'format',
  'bytes',
  'lines.read',
  'lines.accepted',
  'lines.rejected',
  'window.from',
  'window.to',
  'started',
  'updated',
  'interrupted',
];
/** A progress line at most so often. */
const PROGRESS_MS = 200;

const QUERY = Type.Object({
  tenant: TENANT,
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Shown in lists and messages.' })),
  format: Type.Optional(Type.String({ maxLength: 60, description: 'Detected from the first lines when absent.' })),
  custom: Type.Optional(Type.String({ maxLength: 4000, description: 'Template of a custom format.' })),
  domain: Type.Optional(
    Type.String({
      maxLength: 253,
      // A host name or an IPv4 address: labels of letters, digits and inner hyphens or underscores.
      pattern: '^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$',
      examples: ['www.example.org'],
      description: 'Host for lines that name none.',
    }),
  ),
  follow: Type.Optional(
    Type.Boolean({ description: 'The file is still written: leave an unfinished last line for later.' }),
  ),
  rejects: Type.Optional(Type.Boolean({ description: 'Tell each rejected line, as x-ndjson.' })),
});
interface ImportParameters {
  name?: string;
  format?: string;
  custom?: string;
  domain?: string;
  follow?: boolean;
  rejects?: boolean;
}

/** Files of access logs. */
export function addImportRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/imports',
    access: 'ingest',
    audit: 'file.import',
    summary: 'Imports an access log, sent as it is: plain, gzip or zstd, of any size',
    description:
      'A file counts once, however often it is sent; one that grew adds its new part; an interrupted import goes on ' +
      `where it was. Asked for ${NDJSON}, the answer tells the progress line by line and ends with result or error.`,
    query: QUERY,
    body: {
      types: ['application/octet-stream', 'text/plain', 'application/gzip', 'application/zstd'],
      schema: Type.Unsafe<Buffer>({ examples: [LINE] }),
    },
    answers: {
      200: { description: 'What became of the file', schema: ImportResult, also: { [NDJSON]: ImportEvent } },
      400: { description: 'An unknown format, or a template that makes no sense', codes: ['usage'] },
      409: {
        description: 'The file is being imported already, or differs from what was imported under its beginning',
        codes: ['import-running', 'changed-file'],
      },
      422: {
        description: 'The file cannot be read',
        codes: ['unknown-format', 'empty', 'empty-file', 'shorter-file', 'unfinished-line', 'unsupported-compression'],
      },
      429: {
        description:
          'The tenant has had its requests of the day; what was stored stays, and the next import goes on there',
        codes: ['quota-exceeded'],
      },
      503: { description: 'No room at the moment', codes: ['import-interrupted'] },
    },
    async handler(request, reply) {
      const { name = 'upload', format, custom, domain, follow, rejects } = request.query as ImportParameters;
      const tenant = await tenantOf(hub, request);
      // One that follows a file comes again and again.
      request.audit({ target: name, unchanged: follow === true });
      const gone = new AbortController();
      request.raw.once('close', () => {
        if (!request.raw.complete) gone.abort(new Error('the sender went away'));
      });
      const work = {
        tenantId: tenant.id,
        name,
        signal: AbortSignal.any([gone.signal, hub.stopping]),
        ...(format === undefined ? {} : { format }),
        ...(custom === undefined ? {} : { customFormat: custom }),
        ...(domain === undefined ? {} : { domain: domain.toLowerCase() }),
        ...(follow === undefined ? {} : { follow }),
      };
      if (!(request.headers.accept ?? '').includes(NDJSON)) {
        const result = await hub.importer.import({ ...work, stream: bodyStream(request) });
        if (isRefusal(result)) throw refusedImport(result);
        return result;
      }
      return streamImport(hub.importer, { ...work, rejects: rejects === true }, request, reply);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/imports',
    access: 'read',
    summary: 'Files that were imported, the last first',
    query: Type.Object({ tenant: TENANT, ...pageQuery() }),
    answers: { 200: { description: 'The files', schema: ImportsAnswer } },
    async handler(request): Promise<ImportsAnswer> {
      const tenant = await tenantOf(hub, request);
      const { limit, after, cut } = readPage(request, tenant.id, ['number', 'uuid']);
      const place = after === null ? null : { updatedAt: after[0], id: after[1] };
      const files = await hub.records.forTenant(tenant.id).imports.list(limit + 1, place);
      const { rows, next } = cut(files, ({ updatedAt, id }) => [updatedAt, id]);
      return { imports: rows.map(showFile), next };
    },
  });
  addImportExport(app, hub);
}

function addImportExport(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/imports/export',
    access: 'export',
    summary: 'All files that were imported, as a file, the last first',
    query: Type.Object({ tenant: TENANT, format: FORMAT }),
    answers: {
      200: exportAnswer(ImportedFile, `${COLUMNS.slice(0, 3).join(',')},…\r\n01a2…,access.log,combined,…\r\n`),
    },
    async handler(request, reply) {
      const tenant = await tenantOf(hub, request);
      const { format = 'csv' } = request.query as { format?: ExportFormat };
      const pages = filePages(hub.records.forTenant(tenant.id).imports);
      return sendExport(reply, format, { name: `imports-${tenant.slug}`, columns: COLUMNS, pages });
    },
  });
}

async function* filePages(imports: TenantRecords['imports']): AsyncGenerator<ImportedFile[]> {
  let last: ImportFile | undefined;
  do {
    const files: ImportFile[] = await imports.list(EXPORT_PAGE, last ?? null);
    yield files.map(showFile);
    last = files.length < EXPORT_PAGE ? undefined : files.at(-1);
  } while (last !== undefined);
}

function showFile(file: ImportFile): ImportedFile {
  const { id, name, format, lines, firstEventAt, lastEventAt } = file;
  const text = (time: number) => new Date(time).toISOString();
  return {
    id,
    name,
    format,
    bytes: file.offsetDone,
    lines,
    window: firstEventAt === null || lastEventAt === null ? null : { from: text(firstEventAt), to: text(lastEventAt) },
    started: text(file.createdAt),
    updated: text(file.updatedAt),
    interrupted: file.pending.length > 0,
  };
}

function refusedImport(refusal: { refused: string; detail: string }) {
  const conflict = refusal.refused === 'import-running' || refusal.refused === 'changed-file';
  return refused(refusal, conflict ? 409 : 422);
}

type Work = Omit<ImportRequest, 'stream'> & { rejects: boolean };

/**
 * Answers line by line while the body still comes in. The status waits for the first line, so that what is refused
 * before anything was stored is an error like everywhere else.
 */
async function streamImport(
  importer: FileImporter,
  work: Work,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const lines = new PassThrough({ highWaterMark: 1024 * 1024 });
  const begun = Promise.withResolvers<void>();
  let last = 0;
  let received = 0;
  // A sender that went away is no failure of the hub's: what was stored stays, and the next import goes on there.
  lines.on('error', () => undefined);
  const tell = (event: ImportEvent) => {
    if (!lines.destroyed) lines.write(`${JSON.stringify(event)}\n`);
    begun.resolve();
  };
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bodyStream(request)) {
      received += chunk.length;
      // Nobody reads the answer as fast as rejected lines can come; the body waits then.
      if (lines.writableNeedDrain && !lines.destroyed) await drained(lines);
      yield chunk;
    }
  }
  const run = async () => {
    const result = await importer.import({
      ...work,
      stream: counted(),
      onProgress: (progress) => {
        const now = Date.now();
        if (now - last < PROGRESS_MS) return;
        last = now;
        tell({ progress: { ...progress, received } });
      },
      ...(work.rejects ? { onReject: (reject) => tell({ reject }) } : {}),
    });
    if (isRefusal(result)) throw refusedImport(result);
    tell({ result });
  };
  const done = run();
  // A failure before the first line is thrown; after it, it is the last line.
  await Promise.race([begun.promise, done]);
  void endWith(done, (error) => {
    const problem = toProblemError(error, request.id);
    if (problem.problem.status >= 500) request.log.error({ err: error }, 'an import failed');
    tell({ error: problem.problem });
  }).finally(() => lines.end());
  return reply.header('content-type', `${NDJSON}; charset=utf-8`).header('x-accel-buffering', 'no').send(lines);
}

async function endWith(work: Promise<void>, onError: (error: unknown) => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    onError(error);
  }
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    stream.once('drain', resolve);
    stream.once('close', resolve);
  });
}
