import type { FastifyRequest } from 'fastify';
import { isRefusal } from '../model/request.ts';
import { personOf } from './access.ts';
import { checkCredentials, tooMany } from './log-in-desk.ts';
import type { Hub } from './ports.ts';
import { ProblemError } from './problem.ts';
import { deviceOf } from './session-start.ts';

/** Whoever has no password has shown who they are by logging in, if that is not longer ago. */
const FRESH_MS = 15 * 60_000;

/** What `confirmPerson` can refuse, for the description of a route. */
export const CONFIRMED = {
  403: {
    description: 'The password is another one, or it is too long since the log-in',
    codes: ['password-needed', 'wrong-password', 'log-in-again'],
  },
  429: { description: 'Too many guesses', codes: ['too-many-guesses'] },
};

/**
 * Has a person show once more that it is them, before what decides how they log in is changed: by the password, or, where
 * the account has none, by having logged in lately. Throws 403 `password-needed`, `wrong-password` or `log-in-again`, or 429.
 */
export async function confirmPerson(hub: Hub, request: FastifyRequest, password: string | undefined): Promise<void> {
  const { passwordChangedAt } = personOf(request);
  if (passwordChangedAt !== null) {
    if (password === undefined) throw new ProblemError(403, 'password-needed', 'give your password, too');
    return confirmPassword(hub, request, password);
  }
  const session = request.principal?.session ?? null;
  if (session !== null && Date.now() - session.createdAt <= FRESH_MS) return;
  throw new ProblemError(403, 'log-in-again', 'it is more than 15 minutes since you logged in: do so again first');
}

/** Has a person show the present password once more before something weighty; bounded as log-ins are. */
export async function confirmPassword(hub: Hub, request: FastifyRequest, password: string): Promise<void> {
  const { email } = personOf(request);
  const found = await checkCredentials(hub, {
    email,
    password,
    client: request.client,
    device: deviceOf(hub, request),
  });
  if ('waitMs' in found) throw tooMany(found.waitMs);
  if (isRefusal(found)) throw new ProblemError(403, 'wrong-password', 'this is not your present password');
}
