import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { SESSION_COOKIE } from './access.ts';
import type { Hub } from './ports.ts';
import { addRoute } from './route.ts';

/** `GET /start/:token`: exchanges a one-time link for the session of this browser. */
export function addStartPage(app: FastifyInstance, { records, network }: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/start/:token',
    access: 'public',
    // A HEAD by something that looks at links must not use it up.
    head: false,
    summary: 'Opens the dashboard by a one-time link',
    params: Type.Object({ token: Type.String({ maxLength: 200 }) }),
    answers: {
      303: { description: 'To the dashboard, with a session cookie' },
      410: { description: 'The link was used or has expired', type: 'text/html', schema: Type.String() },
    },
    async handler(request, reply) {
      const { token } = request.params as { token: string };
      const session = await records.logIn.redeem(token, network.sessionMs);
      reply.header('cache-control', 'no-store');
      if (session === null) {
        return reply.code(410).type('text/html; charset=utf-8').send(USED);
      }
      const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${Math.floor(network.sessionMs / 1000)}`];
      // Browsers take a Secure cookie on plain http from localhost only, and not all of them.
      if (network.publicUrl.startsWith('https:')) attributes.push('Secure');
      return reply
        .header('set-cookie', `${SESSION_COOKIE}=${session.token}; ${attributes.join('; ')}`)
        .redirect('/', 303);
    },
  });
}

const USED = page(
  'This link does not work any more',
  `<p>A link to the dashboard works once, and for a limited time. Get a new one where the hub runs:</p>
<pre>npx vedette link</pre>
<p>If this browser is signed in already, <a href="/">the dashboard</a> opens without a link.</p>`,
);

/** A plain page without scripts or styles of its own. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Vedette</title>
</head>
<body>
<h1>${title}</h1>
${body}
</body>
</html>
`;
}
