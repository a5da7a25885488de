import { OpenReset, ResetRedemption, ResetRequest, ResetToken } from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { netOf } from '../../model/address.ts';
import { isMailAddress } from '../../model/mail.ts';
import { hashPassword } from '../../model/password.ts';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type { GuessBound, User } from '../../stores/accounts.ts';
import { refuseForeignPage } from '../access.ts';
import { networkBucket, takeFrom, tooMany } from '../log-in-desk.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { rememberDevice } from '../session-start.ts';

export const RESET_MS = 60 * 60_000;
/** Mails that one address gets, whoever asks, and that one network causes. */
const BOUNDS = {
  address: { most: 3, refillMs: 3_600_000 },
  network: { most: 10, refillMs: 3_600_000 },
} as const satisfies Record<string, GuessBound>;
const UNKNOWN = { description: 'There is no such link', codes: ['unknown-reset'] };
const GONE = { description: 'It was used, or is past its time', codes: ['reset-used', 'reset-expired'] };
const DISABLED = { description: 'The account is disabled', codes: ['account-disabled'] };

/** A new password for who has forgotten theirs. */
export function addPasswordResetRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/password-resets',
    access: 'public',
    audit: 'password-reset.ask',
    summary: 'Has a link for a new password sent by mail',
    description:
      'The answer, and the work behind it, are the same whether or not the address has an account. The link works once, for ' +
      '60 minutes. An address gets three such mails an hour at most; what is asked beyond that is answered alike.',
    body: { types: ['application/json'], schema: ResetRequest, validated: true },
    answers: {
      202: { description: 'If the address has an account with a password, a mail is on its way' },
      409: { description: 'This hub sends no mail: an operator makes the link', codes: ['no-mail'] },
      429: { description: 'Too many were asked for from this network', codes: ['too-many-mails'] },
    },
    async handler(request, reply) {
      refuseForeignPage(request);
      if (hub.mails === null) {
        const detail = 'this hub sends no mail; its operator makes a link for you: vedette user reset EMAIL';
        throw new ProblemError(409, 'no-mail', detail);
      }
      const email = (request.body as ResetRequest).email.trim().toLowerCase();
      if (await mayCauseMail(hub, request, email)) {
        const token = hub.records.resets.mint();
        const link = resetLink(hub, token);
        await hub.mails.post({ kind: 'password-reset', email, token, link, expiresAt: Date.now() + RESET_MS });
      }
      return reply.code(202).send();
    },
  });
  addUse(app, hub);
}

function addUse(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/password-resets/look',
    access: 'public',
    // A question; the token stands in the body, so that it reaches no log.
    audit: false,
    summary: 'Whose password a link sets',
    body: { types: ['application/json'], schema: ResetToken, validated: true },
    answers: {
      200: { description: 'The account', schema: OpenReset },
      403: DISABLED,
      404: UNKNOWN,
      410: GONE,
      429: { description: 'Too many guesses', codes: ['too-many-guesses'] },
    },
    async handler(request): Promise<OpenReset> {
      const { user, expiresAt } = await look(hub, request, (request.body as ResetToken).token);
      return { email: user.email, expires: new Date(expiresAt).toISOString() };
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/password-resets/redeem',
    access: 'public',
    audit: 'password-reset.redeem',
    summary: 'Sets a new password by the link of a mail, and ends all sessions',
    description:
      'It logs nobody in: a second factor stays what it is, and the log-in that follows asks for it. The person is told by mail.',
    body: { types: ['application/json'], schema: ResetRedemption, validated: true },
    answers: {
      204: { description: 'The password is set' },
      403: DISABLED,
      404: UNKNOWN,
      410: GONE,
      422: { description: 'The password is refused; the link still works', codes: ['weak-password'] },
      429: { description: 'Too many guesses', codes: ['too-many-guesses'] },
    },
    async handler(request, reply) {
      refuseForeignPage(request);
      const { token, password } = request.body as ResetRedemption;
      const { user } = await look(hub, request, token);
      request.audit({ user });
      const weak = await hub.refusePassword(password, user);
      if (weak !== null) throw refused(weak);
      const redeemed = await hub.records.resets.redeem(token, await hashPassword(password));
      if (isRefusal(redeemed)) throw refusal(redeemed);
      // Whoever reads the person's mail is the person: guesses of others do not keep this browser out.
      await rememberDevice(hub, request, reply, redeemed.id);
      await tellPasswordChange(hub, redeemed);
      return reply.code(204).send();
    },
  });
}

/** The address of the screen on which a new password is chosen; the token stands in no URL that is logged. */
export function resetLink({ network }: Pick<Hub, 'network'>, token: string): string {
  return `${network.pageUrl}/password-reset#${token}`;
}

/** False: the address had its mails. Throws a ProblemError 429 when the network had its. */
async function mayCauseMail(hub: Hub, { client }: FastifyRequest, email: string): Promise<boolean> {
  const network = { name: hub.guessName('resets from', netOf(client) || client), bound: BOUNDS.network };
  const { waitMs } = await takeFrom(hub, client === '' ? [] : [network]);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    const detail = `too many mails were asked for from this network; try again in ${seconds} s`;
    throw new ProblemError(429, 'too-many-mails', detail, { headers: { 'retry-after': String(seconds) } });
  }
  const address = { name: hub.guessName('reset for', email), bound: BOUNDS.address };
  return isMailAddress(email) && (await takeFrom(hub, [address])).waitMs === 0;
}

/** Tokens cannot be guessed; that somebody tries is bounded all the same. */
async function look(hub: Hub, request: FastifyRequest, token: string): Promise<{ user: User; expiresAt: number }> {
  const { waitMs, giveBack } = await takeFrom(hub, request.client === '' ? [] : [networkBucket(hub, request.client)]);
  if (waitMs > 0) throw tooMany(waitMs);
  const found = await hub.records.resets.look(token);
  if (!isRefusal(found) || found.refused !== 'unknown-reset') await giveBack();
  if (isRefusal(found)) throw refusal(found);
  return found;
}

function refusal(refused_: Refusal): ProblemError {
  const status = { 'unknown-reset': 404, 'account-disabled': 403 }[refused_.refused] ?? 410;
  return refused(refused_, status);
}

/** Tells a person that their password is another one; OWASP ASVS 5.0, 6.3.7. */
export async function tellPasswordChange(hub: Hub, user: User): Promise<void> {
  const link = `${hub.network.pageUrl}/log-in`;
  await hub.mails?.post({ kind: 'password-changed', to: user.email, link, locale: user.locale, at: Date.now() });
}
