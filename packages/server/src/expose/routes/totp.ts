import { Confirmation, RecoveryCodes, SecondFactor, TotpSetUp } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { isRefusal } from '../../model/request.ts';
import { personOf } from '../access.ts';
import { CONFIRMED, confirmPerson } from '../confirm-person.ts';
import { tellFactorChange } from '../factor-notice.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import {
  firstRecoveryCodes,
  LAST_FACTOR,
  refuseLastFactor,
  replaceRecoveryCodes,
  strengthen,
} from '../second-factor.ts';

/** A person's own authenticator app, and the recovery codes. */
export function addTotpRoutes(app: FastifyInstance, hub: Hub): void {
  addSetUp(app, hub);
  addRoute(app, {
    method: 'DELETE',
    url: '/api/v1/account/totp',
    access: 'account',
    audit: 'totp.remove',
    summary: 'Takes one’s own authenticator app away',
    description: 'Recovery codes go with the last second factor.',
    body: { types: ['application/json'], schema: Confirmation, validated: true },
    answers: {
      204: { description: 'Gone' },
      404: { description: 'There was none', codes: ['no-totp'] },
      409: LAST_FACTOR,
      ...CONFIRMED,
    },
    async handler(request, reply) {
      await confirmPerson(hub, request, (request.body as Confirmation).password);
      await refuseLastFactor(hub, request, 'totp');
      const user = personOf(request);
      const { totp: inForce } = await hub.records.factors.summary(user.id);
      if (!(await hub.records.factors.totp.remove(user.id))) {
        throw new ProblemError(404, 'no-totp', 'no authenticator app is set up');
      }
      if (inForce) await tellFactorChange(hub, request, user, 'totp-removed');
      return reply.code(204).send();
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/account/recovery-codes',
    access: 'account',
    audit: 'recovery-codes.replace',
    summary: 'Makes ten new recovery codes in the place of those before',
    body: { types: ['application/json'], schema: Confirmation, validated: true },
    answers: {
      200: { description: 'The codes', schema: RecoveryCodes },
      409: { description: 'There is no second factor that they could stand for', codes: ['no-second-factor'] },
      ...CONFIRMED,
    },
    async handler(request): Promise<RecoveryCodes> {
      await confirmPerson(hub, request, (request.body as Confirmation).password);
      const user = personOf(request);
      const { totp, passkeys } = await hub.records.factors.summary(user.id);
      if (!totp && passkeys === 0) {
        throw new ProblemError(409, 'no-second-factor', 'set up an authenticator app or a passkey first');
      }
      const codes = await replaceRecoveryCodes(hub, user.id);
      await tellFactorChange(hub, request, user, 'recovery-codes-replaced');
      return { recovery_codes: codes };
    },
  });
}

function addSetUp(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/account/totp',
    access: 'account',
    audit: 'totp.begin',
    summary: 'Sets up an authenticator app',
    description:
      'RFC 6238: SHA-1, six digits, 30 seconds. Log-ins ask for its codes once one was confirmed. Beginning again takes the place of what was not.',
    body: { types: ['application/json'], schema: Confirmation, validated: true },
    answers: {
      200: { description: 'What the app is to be told; shown this once', schema: TotpSetUp },
      409: {
        description: 'One is set up already, or the account has no password that it could stand beside',
        codes: ['totp-on', 'no-password'],
      },
      ...CONFIRMED,
    },
    async handler(request): Promise<TotpSetUp> {
      const user = personOf(request);
      await confirmPerson(hub, request, (request.body as Confirmation).password);
      if (user.passwordChangedAt === null) {
        throw new ProblemError(
          409,
          'no-password',
          'codes are asked for after a password, and this account has none: it logs in by single sign-on or passkey',
        );
      }
      const made = await hub.totp.begin(user, `Vedette ${new URL(hub.network.publicUrl).hostname}`);
      if (isRefusal(made)) throw refused(made, 409);
      return { secret: made.secret, uri: made.uri, qr_svg: made.qrSvg };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/account/totp/confirm',
    access: 'account',
    audit: 'totp.add',
    summary: 'Puts the authenticator app in force by its first code',
    body: { types: ['application/json'], schema: SecondFactor, validated: true },
    answers: {
      200: { description: 'Recovery codes, for when the app is lost', schema: RecoveryCodes },
      409: { description: 'No app waits for its first code', codes: ['no-totp'] },
      422: { description: 'Not the code that the app shows now', codes: ['wrong-code'] },
    },
    async handler(request): Promise<RecoveryCodes> {
      const user = personOf(request);
      const wrong = await hub.totp.confirm(user.id, (request.body as SecondFactor).code);
      if (wrong !== null) throw refused(wrong, wrong.refused === 'wrong-code' ? 422 : 409);
      await tellFactorChange(hub, request, user, 'totp-added');
      await strengthen(hub, request, 'totp');
      return { recovery_codes: await firstRecoveryCodes(hub, user.id) };
    },
  });
}
