import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { setSession } from './gate.ts';
import type { Hub } from './ports.ts';
import { addRoute } from './route.ts';

/** `GET /start/:token`: exchanges a one-time link for the session of this browser. */
export function addStartPage(app: FastifyInstance, { records, network }: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/start/:token',
    access: 'public',
    audit: 'session.open',
    // A HEAD by something that looks at links must not use it up.
    head: false,
    summary: 'Opens the dashboard by a one-time link',
    params: Type.Object({ token: Type.String({ maxLength: 200 }) }),
    answers: {
      303: { description: 'To the dashboard, with a session cookie' },
      410: {
        description: 'The link was used or has expired',
        type: 'text/html',
        schema: Type.String({ examples: ['<!doctype html>…'] }),
      },
    },
    async handler(request, reply) {
      const { token } = request.params as { token: string };
      const session = await records.logIn.redeem(token, network.sessionMs);
      reply.header('cache-control', 'no-store');
      if (session === null) {
        return reply.code(410).type('text/html; charset=utf-8').send(USED);
      }
      request.audit({ target: 'dashboard', detail: { by: 'one-time link' } });
      setSession(reply, network, session.token, network.sessionMs);
      return reply.redirect('/', 303);
    },
  });
}

const USED = page(
  'This link does not work any more',
  `<p>A link to the dashboard works once, and for a limited time. Get a new one where the hub runs:</p>
<pre>npx vedette link</pre>
<p>If this browser is signed in already, <a href="/">the dashboard</a> opens without a link.</p>`,
);

/** A plain page without scripts or styles of its own. `head`: more for its head. */
export function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Vedette</title>${head}
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}
