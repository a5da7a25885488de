import { NewAccount, User } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { hashPassword } from '../../model/password.ts';
import { isRefusal } from '../../model/request.ts';
import type { Hub } from '../ports.ts';
import { refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { startSession } from '../session-start.ts';
import { showUser } from '../show-user.ts';

/** The first account of an installation, made by whoever has the operator's one-time link. */
export function addSetUpRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/set-up',
    access: 'operate',
    audit: 'installation.set-up',
    summary: 'Makes the first account: the owner of the installation',
    description: 'Works once, for a browser that came by the one-time link, which is logged in as that person then.',
    body: { types: ['application/json'], schema: NewAccount, validated: true },
    answers: {
      201: { description: 'The account', schema: User },
      409: {
        description: 'The installation has an owner, or somebody in a tenant has the address',
        codes: ['set-up-done', 'account-exists'],
      },
      422: { description: 'The password, the name or the e-mail address is refused', codes: ['weak-password'] },
    },
    async handler(request, reply): Promise<User> {
      const { email, name, password, locale = null } = request.body as NewAccount;
      const weak = await hub.refusePassword(password, { email, name });
      if (weak !== null) throw refused(weak);
      const passwordHash = await hashPassword(password);
      const user = await hub.records.accounts.createFirst({ email, name: name.trim(), passwordHash, locale });
      if (isRefusal(user)) throw refused(user, 409);
      request.audit({ user, detail: { id: user.id, role: 'owner' } });
      if (request.principal?.kind === 'link') {
        await startSession(hub, request, reply, { user, factors: ['link', 'password'], state: 'full' });
      }
      reply.code(201);
      return showUser(user);
    },
  });
}
