import type { SsoError } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { noteOf } from '../audit-hook.ts';
import { cookieName, readCookie, setCookie } from '../cookies.ts';
import { tellFactorChange } from '../factor-notice.ts';
import { countBegun, tooMany } from '../log-in-desk.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute } from '../route.ts';
import { startSession } from '../session-start.ts';
import { userOfSso } from '../sso-log-in.ts';
import type { SsoProvider } from '../sso-provider.ts';
import { page } from '../start-page.ts';

const CALLBACK = '/api/v1/log-in/sso/callback';
/** Somebody may have to find a telephone. */
const ATTEMPT_MS = 10 * 60_000;

/** Single sign-on by OpenID Connect, as a browser goes through it: there, and back. */
export function addSsoRoutes(app: FastifyInstance, hub: Hub): void {
  const redirectUri = () => `${hub.network.pageUrl}${CALLBACK}`;
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/log-in/sso',
    access: 'public',
    head: false,
    summary: 'Sends a browser to the provider of single sign-on',
    answers: {
      302: { description: 'To the provider, or back to the log-in page with an error' },
      404: { description: 'Single sign-on is not set up', codes: ['no-sso'] },
      429: { description: 'Too many attempts', codes: ['too-many-guesses'] },
    },
    async handler(request, reply) {
      const sso = providerOf(hub);
      const waitMs = await countBegun(hub, request.client);
      if (waitMs > 0) throw tooMany(waitMs);
      const token = await hub.records.factors.challenges.begin('sso', null, ATTEMPT_MS);
      const away = await sso.begin(token, redirectUri());
      if (!(away instanceof URL)) return backWith(request, reply, away);
      setCookie(reply, hub.network, { name: 'vedette_sso', value: token, seconds: ATTEMPT_MS / 1000 });
      return reply.redirect(away.href, 302);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: CALLBACK,
    access: 'public',
    audit: 'session.open',
    head: false,
    summary: 'Where the provider sends a browser back to',
    // Providers add parameters of their own.
    description: 'Takes what OpenID Connect has come back: code and state, or error.',
    answers: {
      200: {
        description: 'Logged in; the page goes on to the dashboard',
        type: 'text/html',
        schema: Type.String({ examples: ['<!doctype html>…'] }),
      },
      302: { description: 'To the log-in page, with an error' },
      404: { description: 'Single sign-on is not set up', codes: ['no-sso'] },
    },
    async handler(request, reply) {
      const sso = providerOf(hub);
      const token = readCookie(request.headers.cookie, cookieName('vedette_sso', hub.network));
      setCookie(reply, hub.network, { name: 'vedette_sso', value: '', seconds: 0 });
      if (!(await hub.records.factors.challenges.take(token, 'sso', null))) {
        const detail = 'the attempt is past its time, was ended already, or was begun in another browser';
        return backWith(request, reply, { refused: 'sso-expired', detail });
      }
      const search = /\?.*$/s.exec(request.raw.url ?? '')?.[0] ?? '';
      const person = await sso.finish(token, new URL(`${redirectUri()}${search}`));
      if ('refused' in person) return backWith(request, reply, person);
      const entering = await userOfSso(hub, person);
      if ('refused' in entering) return backWith(request, reply, entering);
      const { user, joined, linked } = entering;
      if (linked) await tellFactorChange(hub, request, user, 'sso-added', sso.name);
      await startSession(hub, request, reply, { user, factors: ['sso'], state: 'full' });
      for (const { tenant, role } of joined) {
        const note = noteOf(hub, request, { action: 'invitation.accept', outcome: 'done' }, null);
        await hub.audit.add(tenant.id, { ...note, detail: { role, by: 'sso' } });
      }
      return reply.type('text/html; charset=utf-8').send(ARRIVED);
    },
  });
}

function providerOf({ sso }: Hub): SsoProvider {
  if (sso !== null) return sso;
  throw new ProblemError(404, 'no-sso', 'single sign-on is not set up here: VEDETTE_OIDC_ISSUER does it');
}

/** Back to the log-in page, which has words for the error; the provider's own are for the log. */
function backWith(
  request: FastifyRequest,
  reply: FastifyReply,
  { refused, detail }: { refused: SsoError; detail: string },
): FastifyReply {
  const everyday = refused === 'sso-cancelled' || refused === 'sso-expired';
  const level = everyday ? 'info' : 'warn';
  request.audit(everyday ? { unchanged: true } : { refused, detail: { by: 'sso' } });
  request.log[level]({ refused, reason: detail }, 'a log-in by single sign-on was refused');
  return reply.redirect(`/log-in?error=${refused}`, 302);
}

// A redirect from another site brings no SameSite=Strict cookie along, also not one that it has just set. A page of this
// origin that goes on by itself does.
const ARRIVED = page(
  'You are logged in',
  '<p><a href="/">Go on to the dashboard</a></p>',
  '\n<meta http-equiv="refresh" content="0; url=/">',
);
