import { TenantDeletion, TenantDeletionList } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isUuid } from '../../model/uuid.ts';
import type * as stored from '../../stores/records.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute } from '../route.ts';
import { timeText } from '../time-text.ts';

/** Tenants that were deleted, with the proof. */
export function addTenantDeletionRoutes(app: FastifyInstance, { records }: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/tenant-deletions',
    access: 'operate',
    summary: 'Deletions of tenants, the latest first',
    query: Type.Object(pageQuery()),
    answers: { 200: { description: 'The deletions', schema: TenantDeletionList } },
    async handler(request): Promise<TenantDeletionList> {
      const page = readPage(request, null, ['number', 'uuid']);
      const all = await records.unscoped.deletions.list();
      const { rows, next } = page.slice(all, ({ askedAt, id }) => [askedAt, id], 'descending');
      return { deletions: rows.map(showDeletion), next };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/tenant-deletions/:id',
    access: 'operate',
    summary: 'The deletion of a tenant, and the proof of it',
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    answers: {
      200: { description: 'The deletion', schema: TenantDeletion },
      404: { description: 'There is no such deletion', codes: ['unknown-deletion'] },
    },
    async handler(request) {
      const { id } = request.params as { id: string };
      const deletion = isUuid(id) ? await records.unscoped.deletions.find(id) : null;
      if (deletion !== null) return showDeletion(deletion);
      throw new ProblemError(404, 'unknown-deletion', `there is no deletion "${id}"`);
    },
  });
}

export function showDeletion(deletion: stored.TenantDeletion): TenantDeletion {
  const { id, tenantId, slug, name, askedBy, askedAt, deleted, found, complete, finishedAt, error } = deletion;
  return {
    id,
    tenant: { id: tenantId, slug, name },
    asked_by: askedBy,
    asked: new Date(askedAt).toISOString(),
    state: finishedAt === null ? 'running' : 'done',
    deleted,
    found,
    complete,
    finished: timeText(finishedAt),
    error,
  };
}
