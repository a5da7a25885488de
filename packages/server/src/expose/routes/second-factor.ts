import { LogInAnswer, SecondFactor } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import type { Hub } from '../ports.ts';
import { addRoute } from '../route.ts';
import { checkCode, completeLogIn, pendingSession } from '../second-factor.ts';

/** The second step of a log-in, by a code. */
export function addSecondFactorRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/log-in/second-factor',
    access: 'account',
    pending: true,
    audit: 'session.open',
    summary: 'Completes a log-in by a code of the authenticator app, or by a recovery code',
    description: 'For a session that POST /api/v1/log-in has opened. Each code is good once; guesses are bounded.',
    body: { types: ['application/json'], schema: SecondFactor, validated: true },
    answers: {
      200: { description: 'Logged in', schema: LogInAnswer },
      401: {
        description: 'Not a code of this person, or the log-in took too long',
        codes: ['wrong-code', 'unauthorised'],
      },
      409: { description: 'The log-in is complete', codes: ['not-waiting'] },
      429: { description: 'Too many guesses', codes: ['too-many-guesses'] },
    },
    async handler(request, reply): Promise<LogInAnswer> {
      const { user, session } = pendingSession(request);
      const factor = await checkCode(hub, request, user, (request.body as SecondFactor).code);
      await completeLogIn(hub, request, reply, { user, session, factor });
      return { next: 'done' };
    },
  });
}
