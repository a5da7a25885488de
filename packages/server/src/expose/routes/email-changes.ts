import { EmailChange, EmailChangeToken, NewEmail, User } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { isMailAddress } from '../../model/mail.ts';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type { GuessBound } from '../../stores/records.ts';
import { personOf } from '../access.ts';
import { CONFIRMED, confirmPerson } from '../confirm-person.ts';
import { takeFrom } from '../log-in-desk.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute } from '../route.ts';
import { showEmailChange, showUser } from '../show-user.ts';

const LINK_MS = 24 * 3_600_000;
/** Mails that one address gets, whoever asks, and that one person causes. */
const BOUNDS = {
  address: { most: 3, refillMs: 3_600_000 },
  person: { most: 10, refillMs: 3_600_000 },
} as const satisfies Record<string, GuessBound>;
const PATH = '/api/v1/account/email-change';
const LINK = {
  403: { description: 'The link is for another account than the one that is logged in', codes: ['other-account'] },
  404: { description: 'There is no such link', codes: ['unknown-email-change'] },
  410: { description: 'It was used, or is past its time', codes: ['email-change-used', 'email-change-expired'] },
};

/** Another e-mail address for one's own account. */
export function addEmailChangeRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: PATH,
    access: 'account',
    audit: 'account.email-ask',
    summary: 'Has a link sent to another e-mail address, which the account has once it is opened',
    description:
      'Until then nothing changes; the present address is told. The link works once, for 24 hours, for who is logged in to the ' +
      'account; one that was asked for before is void. The answer is the same whether or not the address has an account: then ' +
      'its owner is told, and no link is sent.',
    body: { types: ['application/json'], schema: NewEmail, validated: true },
    answers: {
      202: { description: 'A mail is on its way', schema: EmailChange },
      409: {
        description: 'It is the present one, or this hub sends no mail: an operator changes the address',
        codes: ['same-email', 'no-mail'],
      },
      422: { description: 'No address for a mail', codes: ['bad-email'] },
      ...CONFIRMED,
      429: { description: 'Too many guesses, or too many such mails', codes: ['too-many-guesses', 'too-many-mails'] },
    },
    async handler(request, reply): Promise<EmailChange> {
      const { id: userId, email: present, locale } = personOf(request);
      const { email: given, password } = request.body as NewEmail;
      const email = given.trim().toLowerCase();
      const { mails } = hub;
      if (mails === null) {
        const detail = 'this hub sends no mail; its operator changes the address for you: vedette user email OLD NEW';
        throw new ProblemError(409, 'no-mail', detail);
      }
      refuseNoAddress(email);
      await confirmPerson(hub, request, password);
      if (email === present) throw new ProblemError(409, 'same-email', 'this is the address that the account has');
      await countMail(hub, userId, email);
      request.audit({ target: email });
      const { change, token } = await hub.records.emailChanges.ask({ userId, email, validMs: LINK_MS });
      const { pageUrl } = hub.network;
      const link = `${pageUrl}/email-change#${token}`;
      await mails.post({ kind: 'email-change', to: email, token, link, locale, expiresAt: change.expiresAt });
      await mails.post({ kind: 'email-asked', to: present, email, link: pageUrl, locale, at: Date.now() });
      reply.code(202);
      return showEmailChange(change);
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: PATH,
    access: 'account',
    audit: 'account.email-withdraw',
    summary: 'Voids the link for another e-mail address',
    answers: {
      204: { description: 'It is void' },
      404: { description: 'None was waiting', codes: ['unknown-email-change'] },
    },
    async handler(request, reply) {
      if (!(await hub.records.emailChanges.withdraw(personOf(request).id))) {
        throw new ProblemError(404, 'unknown-email-change', 'no other e-mail address is waiting to be confirmed');
      }
      return reply.code(204).send();
    },
  });
  addUse(app, hub);
}

function addUse(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: `${PATH}/look`,
    access: 'account',
    // A question; the token stands in the body, so that it reaches no log.
    audit: false,
    summary: 'Which e-mail address a link confirms',
    body: { types: ['application/json'], schema: EmailChangeToken, validated: true },
    answers: { 200: { description: 'The address', schema: EmailChange }, ...LINK },
    async handler(request): Promise<EmailChange> {
      const change = await hub.records.emailChanges.look((request.body as EmailChangeToken).token);
      if (isRefusal(change)) throw refusal(change);
      if (change.userId === personOf(request).id) return showEmailChange(change);
      throw new ProblemError(403, 'other-account', 'this link is for another account: log in to it');
    },
  });
  addRoute(app, {
    method: 'POST',
    url: `${PATH}/confirm`,
    access: 'account',
    audit: 'account.email',
    summary: 'Gives one’s own account the e-mail address to which the link was sent',
    description: 'Sessions go on. Links for a new password that were sent before are void. The former address is told.',
    body: { types: ['application/json'], schema: EmailChangeToken, validated: true },
    answers: {
      200: { description: 'The account as it is now', schema: User },
      ...LINK,
      409: { description: 'The address belongs to another account', codes: ['account-exists'] },
    },
    async handler(request): Promise<User> {
      const { token } = request.body as EmailChangeToken;
      const changed = await hub.records.emailChanges.confirm(token, personOf(request).id);
      if (isRefusal(changed)) throw refusal(changed);
      const { user, former } = changed;
      request.audit({ target: user.email, detail: { from: former, to: user.email } });
      await tellEmailChange(hub, former, user);
      return showUser(user);
    },
  });
}

/** Throws 422 `bad-email` for what no mail can be addressed to. */
export function refuseNoAddress(email: string): void {
  if (isMailAddress(email)) return;
  throw new ProblemError(422, 'bad-email', `${JSON.stringify(email.slice(0, 80))} is no address for a mail`);
}

/** Tells whoever reads mails at the former address that it is another one; OWASP ASVS 5.0, 6.3.7. */
export async function tellEmailChange(
  { mails, network }: Pick<Hub, 'mails' | 'network'>,
  former: string,
  { email, locale }: Pick<User, 'email' | 'locale'>,
): Promise<void> {
  await mails?.post({ kind: 'email-changed', to: former, email, link: network.pageUrl, locale, at: Date.now() });
}

/** Throws 429 `too-many-mails` when the address or the person had theirs; whether the address is known plays no part. */
async function countMail(hub: Hub, userId: string, email: string): Promise<void> {
  const { waitMs } = await takeFrom(hub, [
    { name: hub.guessName('email changes of', userId), bound: BOUNDS.person },
    { name: hub.guessName('email change to', email), bound: BOUNDS.address },
  ]);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new ProblemError(429, 'too-many-mails', `too many such mails were asked for; try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  });
}

function refusal(refused_: Refusal): ProblemError {
  const status = { 'unknown-email-change': 404, 'other-account': 403, 'account-exists': 409 }[refused_.refused] ?? 410;
  return refused(refused_, status);
}
