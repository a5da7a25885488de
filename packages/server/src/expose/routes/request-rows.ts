import { RequestRow, RequestRows } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isUuid } from '../../model/uuid.ts';
import type { RequestRecord, TenantRequests } from '../../stores/requests.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import { type ExportFormat, exportAnswer, FORMAT, sendExport } from '../export.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { readTrafficQuestion, TRAFFIC_FILTERS, type TrafficParameters } from '../traffic-question.ts';

const MOST_ROWS = 500;
const EXPORT_PAGE = 1000;
const COLUMNS = Object.keys(RequestRow.properties);
const CSV = `${COLUMNS.slice(0, 7).join(',')},…\r\n01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21,2026-11-26T12:00:00.000Z,…\r\n`;

/** Single requests, as far as rows of them are kept. */
export function addRequestRowRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/requests',
    access: 'export',
    summary: 'Single requests, the latest first',
    description:
      'Those of which consent and retention left a row. The window is the last day unless from and to say otherwise.',
    query: Type.Object({ tenant: TENANT, ...TRAFFIC_FILTERS, ...pageQuery(100, MOST_ROWS) }),
    answers: { 200: { description: 'The requests', schema: RequestRows } },
    async handler(request): Promise<RequestRows> {
      const { from, to, where } = readTrafficQuestion(request.query as TrafficParameters, Date.now());
      const tenant = await tenantOf(hub, request);
      const { limit, after, cut } = readPage(request, tenant.id, ['number', 'uuid']);
      const before = after === null ? null : { time: after[0], id: after[1] };
      const found = await hub.requestsOf(tenant.id).requests({ from, to, where, limit: limit + 1, before });
      const { rows, next } = cut(found.rows, ({ time, id }) => [Date.parse(time), id]);
      return { requests: rows, next };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/requests/:id',
    access: 'export',
    summary: 'A single request',
    query: Type.Object({ tenant: TENANT }),
    params: Type.Object({ id: Type.String({ maxLength: 100, description: 'Id of the request.' }) }),
    answers: {
      200: { description: 'The request', schema: RequestRow },
      404: { description: 'Consent and retention left no row of it', codes: ['unknown-request'] },
    },
    async handler(request): Promise<RequestRow> {
      const { id } = request.params as { id: string };
      const tenant = await tenantOf(hub, request);
      const found = isUuid(id) ? await hub.requestsOf(tenant.id).request(id) : null;
      if (found !== null) return found;
      throw new ProblemError(404, 'unknown-request', `there is no row of a request "${id}"`);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/requests/export',
    access: 'export',
    summary: 'Single requests as a file, the latest first',
    description: 'All of the window that are kept; the window is the last day unless from and to say otherwise.',
    query: Type.Object({ tenant: TENANT, ...TRAFFIC_FILTERS, format: FORMAT }),
    answers: { 200: exportAnswer(RequestRow, CSV) },
    async handler(request, reply) {
      const question = readTrafficQuestion(request.query as TrafficParameters, Date.now());
      const tenant = await tenantOf(hub, request);
      const { format = 'csv' } = request.query as { format?: ExportFormat };
      const pages = pagesOf(hub.requestsOf(tenant.id), question);
      return sendExport(reply, format, { name: `requests-${tenant.slug}`, columns: COLUMNS, pages });
    },
  });
}

async function* pagesOf(
  store: TenantRequests,
  { from, to, where }: ReturnType<typeof readTrafficQuestion>,
): AsyncGenerator<RequestRecord[]> {
  let before: { time: number; id: string } | null = null;
  do {
    const page: Awaited<ReturnType<TenantRequests['requests']>> = await store.requests({
      from,
      to,
      where,
      limit: EXPORT_PAGE,
      before,
    });
    yield page.rows;
    before = page.next;
  } while (before !== null);
}
