import { NewUserAccount, PasswordLink, UserAccount, UserEmail } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import { uuidv7 } from '../../model/uuid.ts';
import type { PlatformUser } from '../../stores/people.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { refuseNoAddress, tellEmailChange } from './email-changes.ts';
import { RESET_MS, resetLink } from './password-resets.ts';
import { showAccount } from './users.ts';

const NAMED = Type.Object({ email: Type.String({ maxLength: 254 }) });
const UNKNOWN = { description: 'No account has this e-mail address', codes: ['unknown-person'] };

/**
 * What whoever holds the hub's machine does with accounts. On the control socket only: a link for a new password is the
 * account itself, and no operator is to have another's by the network.
 */
export function addUserAdminRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/users',
    access: 'operate',
    audit: 'account.create',
    summary: 'Makes an account, and a link by which its person chooses a password',
    description: 'With `role` it is a member of the tenant; without one, of none.',
    creates: 'secret',
    query: Type.Object({ tenant: TENANT }),
    body: { types: ['application/json'], schema: NewUserAccount, validated: true },
    answers: {
      201: { description: 'The account and the link, which is shown this once', schema: PasswordLink },
      409: {
        description: 'The address has an account, or the tenant all the people it may have',
        codes: ['account-exists', 'quota-exceeded'],
      },
      422: { description: 'No address for a mail', codes: ['bad-email'] },
    },
    async handler(request, reply): Promise<PasswordLink> {
      const { email: given, name, role, locale = null } = request.body as NewUserAccount;
      const email = given.trim().toLowerCase();
      refuseNoAddress(email);
      const membership = role === undefined ? null : { tenantId: (await tenantOf(hub, request)).id, role };
      const person = { email, name: name.trim(), passwordHash: null, locale };
      const user = await hub.records.unscoped.users.create(person, membership);
      if (isRefusal(user)) throw refused(user, 409);
      request.audit({ target: email, detail: { name: user.name, role: role ?? null } });
      reply.code(201);
      return passwordLink(hub, user);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/users/:email/password-link',
    access: 'operate',
    audit: 'account.reset',
    summary: 'Makes a link by which a person chooses a new password',
    creates: 'secret',
    params: NAMED,
    answers: {
      201: { description: 'The link, which is shown this once', schema: PasswordLink },
      404: UNKNOWN,
      409: { description: 'The account is disabled', codes: ['account-disabled'] },
    },
    async handler(request, reply): Promise<PasswordLink> {
      const user = await namedUser(hub, request);
      if (user.disabledAt !== null) {
        throw new ProblemError(409, 'account-disabled', `${user.email} is disabled; enable the account first`);
      }
      reply.code(201);
      return passwordLink(hub, user);
    },
  });
  addEmail(app, hub);
}

function addEmail(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/users/:email/email',
    access: 'operate',
    audit: 'account.email-set',
    summary: 'Gives an account another e-mail address at once; its word is taken for it that the person has it',
    description:
      'Sessions go on; links that were sent before are void. The former address is told, where the hub sends mail.',
    params: NAMED,
    body: { types: ['application/json'], schema: UserEmail, validated: true },
    answers: {
      200: { description: 'As it is now', schema: UserAccount },
      404: UNKNOWN,
      409: { description: 'The address belongs to another account', codes: ['account-exists'] },
      422: { description: 'No address for a mail', codes: ['bad-email'] },
    },
    async handler(request): Promise<UserAccount> {
      const email = (request.body as UserEmail).email.trim().toLowerCase();
      refuseNoAddress(email);
      const user = await namedUser(hub, request);
      const changed = await hub.records.unscoped.users.setEmail(user.id, email);
      if (isRefusal(changed)) throw refused(changed, changed.refused === 'account-exists' ? 409 : 404);
      const also = user.memberships.map(({ tenantId }) => tenantId);
      request.audit({ target: email, also, detail: { from: user.email, to: email } });
      if (email !== user.email) await tellEmailChange(hub, user.email, changed);
      return showAccount(changed);
    },
  });
}

/** Whose e-mail address stands in the path. Throws 404 `unknown-person`. */
async function namedUser(hub: Hub, request: FastifyRequest): Promise<PlatformUser> {
  const { email } = request.params as { email: string };
  const user = await hub.records.unscoped.users.byEmail(email.trim());
  if (user !== null) return user;
  throw new ProblemError(404, 'unknown-person', `no account has the e-mail address "${email.slice(0, 80)}"`);
}

async function passwordLink(hub: Hub, user: PlatformUser): Promise<PasswordLink> {
  const token = hub.records.resets.mint();
  await hub.records.resets.open({ id: uuidv7(), userId: user.id, token, validMs: RESET_MS });
  const expires = new Date(Date.now() + RESET_MS).toISOString();
  return { user: showAccount(user), url: resetLink(hub, token), expires };
}
