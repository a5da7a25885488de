import { NewView, SavedView, SavedViews, ViewChange } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type * as stored from '../../stores/records.ts';
import { tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { Hub } from '../ports.ts';
import { may } from '../principal.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';

const QUERY = Type.Object({ tenant: TENANT });
const PARAMS = Type.Object({ id: Type.String({ maxLength: 100, description: 'Id of the view.' }) });
const UNKNOWN = { description: 'There is no such view, or it is another person’s own', codes: ['unknown-view'] };
const BAD_QUERY = { description: 'Wrong usage; errors names what is wrong', codes: ['bad-query'] };
const TAKEN = { description: 'Its owner has a view of that name', codes: ['name-taken'] };
const NOT_SHARED = {
  description: 'Shared views are for those who may share them; views of one’s own are for people',
  codes: ['may-not-share', 'no-person'],
};

/** Views of screens that people keep: for themselves, or shared with everybody in the tenant. */
export function addViewRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/views',
    access: 'read',
    summary: 'Saved views: one’s own, and what is shared in the tenant',
    query: Type.Object({ tenant: TENANT, ...pageQuery() }),
    answers: { 200: { description: 'In the order in which they were made', schema: SavedViews } },
    async handler(request): Promise<SavedViews> {
      const { tenant, viewer, views } = await scope(hub, request);
      const page = readPage(request, tenant.id, ['uuid']);
      const found = await views.list(viewer, { after: page.after?.[0] ?? null, limit: page.limit + 1 });
      const { rows, next } = page.cut(found, ({ id }) => [id]);
      return { views: rows.map((view) => showView(view, request)), next };
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/views/:id',
    access: 'read',
    summary: 'A saved view',
    query: QUERY,
    params: PARAMS,
    answers: { 200: { description: 'The view', schema: SavedView }, 404: UNKNOWN },
    handler: async (request): Promise<SavedView> => showView((await subject(hub, request)).view, request),
  });
  addSaving(app, hub);
  addChanges(app, hub);
}

function addSaving(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/views',
    access: 'read',
    audit: 'view.create',
    summary: 'Saves a view',
    description:
      'Everybody who may look keeps views of their own; sharing one needs the permission `views`. An operator without an ' +
      'account has none of their own, but shares. A person keeps 200 views in a tenant at most.',
    creates: true,
    query: QUERY,
    body: { types: ['application/json'], schema: NewView, validated: true },
    answers: {
      201: { description: 'The view', schema: SavedView },
      400: BAD_QUERY,
      403: NOT_SHARED,
      409: { description: `${TAKEN.description}, or has too many`, codes: ['name-taken', 'too-many-views'] },
    },
    async handler(request, reply): Promise<SavedView> {
      const { tenant, viewer, views } = await scope(hub, request);
      const { name, screen, query, shared = false } = request.body as NewView;
      refuseQuery(query);
      if (shared) refuseSharing(request, tenant);
      else if (viewer === null)
        throw new ProblemError(403, 'no-person', 'a view of one’s own needs a person’s account');
      const made = await views.create({ name: name.trim(), screen, query, shared, ownerId: viewer });
      if (isRefusal(made)) throw refused(made, 409);
      tell(request, made);
      reply.code(201);
      return showView(made, request);
    },
  });
}

function addChanges(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'PATCH',
    url: '/api/v1/views/:id',
    access: 'read',
    audit: 'view.change',
    summary: 'Changes a saved view: its name, what it shows, who sees it',
    description:
      'One’s own, and with the permission `views` also what others share. Only whoever shares a view ends its being shared; ' +
      'others delete it.',
    query: QUERY,
    params: PARAMS,
    body: { types: ['application/json'], schema: ViewChange, validated: true },
    answers: {
      200: { description: 'As it is now', schema: SavedView },
      400: BAD_QUERY,
      403: { ...NOT_SHARED, codes: ['may-not-share', 'not-yours'] },
      404: UNKNOWN,
      409: TAKEN,
    },
    async handler(request): Promise<SavedView> {
      const { tenant, viewer, views, view } = await subject(hub, request);
      const { name, query, shared = view.shared } = request.body as ViewChange;
      if (query !== undefined) refuseQuery(query);
      if (shared) refuseSharing(request, tenant);
      else if (view.ownerId !== viewer || viewer === null) {
        throw new ProblemError(403, 'not-yours', 'only whoever shares a view ends its being shared; others delete it');
      }
      const changed = await views.change(viewer, view.id, {
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(query === undefined ? {} : { query }),
        ...(shared === view.shared ? {} : { shared }),
      });
      if (isRefusal(changed)) return refuseChange(changed);
      tell(request, changed);
      return showView(changed, request);
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/views/:id',
    access: 'read',
    audit: 'view.delete',
    summary: 'Deletes a saved view',
    description: 'One’s own, and with the permission `views` also what others share.',
    query: QUERY,
    params: PARAMS,
    answers: { 204: { description: 'Done' }, 403: { ...NOT_SHARED, codes: ['may-not-share'] }, 404: UNKNOWN },
    async handler(request, reply) {
      const { tenant, viewer, views, view } = await subject(hub, request);
      if (view.ownerId !== viewer || viewer === null) refuseSharing(request, tenant);
      if (!(await views.remove(viewer, view.id))) throw unknown(tenant);
      tell(request, view);
      return reply.code(204).send();
    },
  });
}

async function scope(hub: Hub, request: FastifyRequest) {
  const tenant = await tenantOf(hub, request);
  const viewer = request.principal?.user?.id ?? null;
  return { tenant, viewer, views: hub.records.forTenant(tenant.id).views };
}

async function subject(hub: Hub, request: FastifyRequest) {
  const scoped = await scope(hub, request);
  const { id } = request.params as { id: string };
  const view = await scoped.views.find(scoped.viewer, id);
  if (view === null) throw unknown(scoped.tenant);
  return { ...scoped, view };
}

function unknown({ slug }: stored.Tenant): ProblemError {
  return new ProblemError(404, 'unknown-view', `the tenant ${slug} has no such view`);
}

function refuseChange(refusal: Refusal): never {
  throw refused(refusal, refusal.refused === 'unknown-view' ? 404 : 409);
}

function refuseSharing({ principal }: FastifyRequest, tenant: stored.Tenant): void {
  if (principal !== null && may(principal, 'views', tenant.id)) return;
  const detail = `shared views of ${tenant.slug} are made, changed and deleted by owner, admin or analyst`;
  throw new ProblemError(403, 'may-not-share', detail);
}

/** Whoever opens a view stays in the tenant they are in. */
function refuseQuery(query: string): void {
  if (!new URLSearchParams(query).has('tenant')) return;
  throw new ProblemError(400, 'bad-query', 'query: names a tenant; a view belongs to the one it is saved in', {
    errors: [{ name: 'query', reason: 'names a tenant' }],
  });
}

/** What others do not see they do not read in the log, either: not what a view of one's own is called. */
function tell(request: FastifyRequest, { id, name, shared }: stored.SavedView): void {
  request.audit({ target: shared ? name : id, detail: { id, shared } });
}

function showView(view: stored.SavedView, { principal }: FastifyRequest): SavedView {
  const mine = view.ownerId !== null && view.ownerId === principal?.user?.id;
  return {
    id: view.id,
    name: view.name,
    screen: view.screen,
    query: view.query,
    shared: view.shared,
    mine,
    // An operator is in no tenant but Tenant0, and known to themselves.
    owner: mine ? (principal?.user?.name ?? null) : view.owner,
    created: new Date(view.createdAt).toISOString(),
    updated: new Date(view.changedAt).toISOString(),
  };
}
