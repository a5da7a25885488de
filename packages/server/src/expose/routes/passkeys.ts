import {
  Confirmation,
  NewPasskey,
  Passkey,
  PasskeyAdded,
  PasskeyCreation,
  PasskeyList,
  PasskeyRename,
} from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import type * as stored from '../../stores/records.ts';
import { personOf } from '../access.ts';
import { confirmPerson } from '../confirm-person.ts';
import { tellFactorChange } from '../factor-notice.ts';
import { CEREMONY_MS, checkCreation, creationOptions } from '../passkey-ceremony.ts';
import { beginCeremony, endCeremony, partyOf } from '../passkey-page.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { PARTY_REFUSALS } from '../relying-party.ts';
import { addRoute } from '../route.ts';
import { firstRecoveryCodes, LAST_FACTOR, refuseLastFactor, strengthen } from '../second-factor.ts';

/** More than anybody has devices for. */
const MOST = 20;
const ID = Type.Object({ id: Type.String({ maxLength: 100 }) });
const UNKNOWN = new ProblemError(404, 'unknown-passkey', 'you have no such passkey');

/** A person's own passkeys. */
export function addPasskeyRoutes(app: FastifyInstance, hub: Hub): void {
  addCreation(app, hub);
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/account/passkeys',
    access: 'account',
    summary: 'One’s own passkeys',
    answers: { 200: { description: 'The oldest first', schema: PasskeyList } },
    async handler(request): Promise<PasskeyList> {
      return { passkeys: (await hub.records.factors.passkeys.list(personOf(request).id)).map(showPasskey) };
    },
  });
  addRoute(app, {
    method: 'PATCH',
    url: '/api/v1/account/passkeys/:id',
    access: 'account',
    audit: 'passkey.rename',
    summary: 'Gives one of one’s own passkeys another name',
    params: ID,
    body: { types: ['application/json'], schema: PasskeyRename, validated: true },
    answers: {
      200: { description: 'As it is now', schema: Passkey },
      404: { description: 'One has no such passkey', codes: ['unknown-passkey'] },
    },
    async handler(request): Promise<Passkey> {
      const { id } = request.params as { id: string };
      const { name } = request.body as PasskeyRename;
      const renamed = await hub.records.factors.passkeys.rename(personOf(request).id, id.toLowerCase(), name.trim());
      if (renamed === null) throw UNKNOWN;
      return showPasskey(renamed);
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/account/passkeys/:id',
    access: 'account',
    audit: 'passkey.remove',
    summary: 'Takes one of one’s own passkeys away',
    description: 'Recovery codes go with the last second factor.',
    params: ID,
    body: { types: ['application/json'], schema: Confirmation, validated: true },
    answers: {
      204: { description: 'Gone' },
      403: {
        description: 'The password is another one, or it is too long since the log-in',
        codes: ['password-needed', 'wrong-password', 'log-in-again'],
      },
      404: { description: 'One has no such passkey', codes: ['unknown-passkey'] },
      409: LAST_FACTOR,
    },
    async handler(request, reply) {
      const { id } = request.params as { id: string };
      await confirmPerson(hub, request, (request.body as Confirmation).password);
      await refuseLastFactor(hub, request, 'passkey');
      const removed = await hub.records.factors.passkeys.remove(personOf(request).id, id.toLowerCase());
      if (removed === null) throw UNKNOWN;
      await tellFactorChange(hub, request, personOf(request), 'passkey-removed', removed.name);
      return reply.code(204).send();
    },
  });
}

function addCreation(app: FastifyInstance, hub: Hub): void {
  const { factors } = hub.records;
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/account/passkeys/options',
    access: 'account',
    audit: false, // Nothing is there until the passkey is.
    summary: 'What navigator.credentials.create needs for a new passkey',
    description: `Good for ${CEREMONY_MS / 60_000} minutes and once, in the browser that asked.`,
    body: { types: ['application/json'], schema: Confirmation, validated: true },
    answers: {
      200: { description: 'PublicKeyCredentialCreationOptionsJSON', schema: PasskeyCreation },
      403: {
        description: 'The password is another one, or it is too long since the log-in',
        codes: ['password-needed', 'wrong-password', 'log-in-again'],
      },
      409: {
        description: 'There are no passkeys at this address; the detail says which is right',
        codes: PARTY_REFUSALS,
      },
    },
    async handler(request, reply): Promise<PasskeyCreation> {
      const user = personOf(request);
      const party = partyOf(hub, request);
      await confirmPerson(hub, request, (request.body as Confirmation).password);
      const token = await beginCeremony(hub, reply, 'new-passkey', user.id);
      return creationOptions(party, token, user, await factors.passkeys.list(user.id));
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/account/passkeys',
    access: 'account',
    audit: 'passkey.add',
    summary: 'Adds a passkey',
    body: { types: ['application/json'], schema: NewPasskey, validated: true },
    answers: {
      201: { description: 'The passkey', schema: PasskeyAdded },
      409: {
        description: 'It is known already, there are too many, or there are no passkeys at this address',
        codes: ['passkey-known', ...PARTY_REFUSALS],
      },
      422: {
        description: 'It does not answer the options that were asked for, or came too late',
        codes: ['passkey-refused', 'passkey-expired'],
      },
    },
    async handler(request, reply): Promise<PasskeyAdded> {
      const user = personOf(request);
      const party = partyOf(hub, request);
      const token = await endCeremony(hub, request, reply, 'new-passkey', user.id);
      const made = await checkCreation(party, token, request.body as NewPasskey);
      if (isRefusal(made)) {
        request.log.info({ reason: made.detail }, 'a new passkey was refused');
        throw new ProblemError(422, made.refused, 'this passkey does not answer what was asked for; try again');
      }
      const passkey = await factors.passkeys.add({ ...made, userId: user.id }, MOST);
      if (passkey === null) {
        throw new ProblemError(409, 'passkey-known', `this passkey is known already, or you have ${MOST} of them`);
      }
      await tellFactorChange(hub, request, user, 'passkey-added', passkey.name);
      await strengthen(hub, request, 'passkey');
      reply.code(201);
      // Without a password a passkey stands for both factors, and nothing could be asked for in its place.
      const codes = user.passwordChangedAt === null ? null : await firstRecoveryCodes(hub, user.id);
      return { passkey: showPasskey(passkey), recovery_codes: codes };
    },
  });
}

function showPasskey({ id, name, createdAt, lastUsedAt, synced }: stored.Passkey): Passkey {
  const time = (ms: number) => new Date(ms).toISOString();
  return { id, name, created: time(createdAt), last_used: lastUsedAt === null ? null : time(lastUsedAt), synced };
}
