import { PeopleAnswer, Person, RoleChange } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ROLES, type Role, rolesGivenBy } from '../../model/permission.ts';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type { Member } from '../../stores/people.ts';
import type { Tenant } from '../../stores/records.ts';
import { personOf, tenantOf } from '../access.ts';
import { pageQuery, readPage } from '../cursor.ts';
import type { Hub } from '../ports.ts';
import { granteeOf } from '../principal.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { timeText } from '../time-text.ts';

const QUERY = Type.Object({ tenant: TENANT });
const LIST = Type.Object({ tenant: TENANT, ...pageQuery() });
const PARAMS = Type.Object({ id: Type.String({ maxLength: 100, description: 'Id of the person.' }) });
const LAST = { description: 'The tenant would have no owner who can log in', codes: ['last-owner'] };
const UNKNOWN = { description: 'The tenant has no such person', codes: ['unknown-person'] };
const OWNERS_ONLY = { description: 'Only an owner or an operator makes or unmakes an owner', codes: ['owners-only'] };

/** Who is in a tenant, and as what. */
export function addPeopleRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/people',
    access: 'people',
    summary: 'The people of a tenant',
    query: LIST,
    answers: { 200: { description: 'In the order in which their accounts were made', schema: PeopleAnswer } },
    async handler(request): Promise<PeopleAnswer> {
      const { id } = await tenantOf(hub, request);
      const page = readPage(request, id, ['uuid']);
      const found = await hub.records
        .forTenant(id)
        .members.list({ after: page.after?.[0] ?? null, limit: page.limit + 1 });
      const { rows, next } = page.cut(found, ({ user }) => [user.id]);
      return { people: rows.map(showPerson), next };
    },
  });
  addChanges(app, hub);
  addLeaving(app, hub);
}

function addChanges(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'PATCH',
    url: '/api/v1/people/:id',
    access: 'people',
    audit: 'person.change',
    summary: 'Changes what a person is in a tenant',
    description:
      'It holds at once, in all sessions. Invitations that the person sent and could not send any more are void.',
    query: QUERY,
    params: PARAMS,
    body: { types: ['application/json'], schema: RoleChange, validated: true },
    answers: { 200: { description: 'As it is now', schema: Person }, 403: OWNERS_ONLY, 404: UNKNOWN, 409: LAST },
    async handler(request): Promise<Person> {
      const { tenant, member } = await subject(hub, request);
      const { role } = request.body as RoleChange;
      request.audit({ detail: { from: member.role, to: role } });
      refuseRole(request, tenant, role);
      const { members } = hub.records.forTenant(tenant.id);
      const changed = await members.setRole(member.user.id, role, givenBy(request, tenant));
      return isRefusal(changed) ? refuseChange(changed) : showPerson(changed);
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/people/:id',
    access: 'people',
    audit: 'person.remove',
    summary: 'Takes a person out of a tenant',
    description:
      'All their sessions lose the tenant at once, and invitations they sent are void. The account stays, with what it is in ' +
      'other tenants.',
    query: QUERY,
    params: PARAMS,
    answers: { 204: { description: 'Done' }, 403: OWNERS_ONLY, 404: UNKNOWN, 409: LAST },
    async handler(request, reply) {
      const { tenant, member } = await subject(hub, request);
      request.audit({ detail: { role: member.role } });
      const refusal = await hub.records.forTenant(tenant.id).members.remove(member.user.id, givenBy(request, tenant));
      if (refusal !== null) refuseChange(refusal);
      return reply.code(204).send();
    },
  });
}

function addLeaving(app: FastifyInstance, { records }: Hub): void {
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/account/tenants/:id',
    access: 'account',
    audit: 'person.leave',
    summary: 'Leaves a tenant oneself',
    params: Type.Object({ id: Type.String({ maxLength: 100, description: 'Id or slug of the tenant.' }) }),
    answers: {
      204: { description: 'Done' },
      404: { description: 'One is in no such tenant', codes: ['unknown-tenant'] },
      409: LAST,
    },
    async handler(request, reply) {
      const { id: named } = request.params as { id: string };
      const user = personOf(request);
      const own = await records.accounts.membershipsOf(user.id);
      const found = own.find(({ tenantId, slug }) => tenantId === named.toLowerCase() || slug === named);
      if (found === undefined) throw new ProblemError(404, 'unknown-tenant', 'you are in no such tenant');
      // Whoever has left is in no log of theirs any more.
      request.audit({ tenantId: found.tenantId, target: user.email, detail: { role: found.role } });
      const refusal = await records.forTenant(found.tenantId).members.remove(user.id, ROLES);
      if (refusal !== null) refuseChange(refusal);
      return reply.code(204).send();
    },
  });
}

/** Refuses whoever gives or takes a role that is not theirs to give. */
export function refuseRole(request: FastifyRequest, tenant: Tenant, role: Role): void {
  if (givenBy(request, tenant).includes(role)) return;
  throw new ProblemError(
    403,
    'owners-only',
    `only an owner of ${tenant.slug} or an operator makes or unmakes an ${role}`,
  );
}

/** The roles that the caller may give and take. */
function givenBy({ principal }: FastifyRequest, tenant: Tenant): readonly Role[] {
  const grantee = principal === null ? null : granteeOf(principal, tenant.id);
  return grantee === null ? [] : rolesGivenBy(grantee);
}

/** Throws the refusal of a change as an answer. */
function refuseChange(refusal: Refusal): never {
  throw refused(refusal, { 'last-owner': 409, 'owners-only': 403 }[refusal.refused] ?? 404);
}

/** Whom the call is about; the audit log is told by the address that people know. */
async function subject(hub: Hub, request: FastifyRequest): Promise<{ tenant: Tenant; member: Member }> {
  const tenant = await tenantOf(hub, request);
  const { id } = request.params as { id: string };
  const member = await hub.records.forTenant(tenant.id).members.find(id.toLowerCase());
  if (member !== null) {
    request.audit({ target: member.user.email });
    return { tenant, member };
  }
  throw new ProblemError(404, 'unknown-person', `the tenant ${tenant.slug} has no such person`);
}

function showPerson({ user, role, joinedAt, twoFactor }: Member): Person {
  return {
    user_id: user.id,
    email: user.email,
    name: user.name,
    role,
    joined: new Date(joinedAt).toISOString(),
    last_log_in: timeText(user.lastLogInAt),
    two_factor: twoFactor,
    disabled: user.disabledAt !== null,
  };
}
