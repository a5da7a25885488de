import { version } from '@vedette/edge/package.json';
import { text } from '../../text.ts';
import type { Fill, Snippet } from './fill.ts';

type App = 'express' | 'fastify' | 'koa' | 'hono' | 'node';

/** Each application as short as it runs, with the lines that connect it. */
const CODE: Record<App, (edge: string) => string> = {
  express: (edge) => `import express from 'express';
${edge}
const app = express();

app.get('/', (request, response) => response.send('hello'));
edge.attach(app.listen(3000));`,
  fastify: (edge) => `import Fastify from 'fastify';
${edge}
const app = Fastify();
await app.register(edge.fastify());

app.get('/', async () => 'hello');
await app.listen({ port: 3000 });`,
  koa: (edge) => `import Koa from 'koa';
${edge}
const app = new Koa();
edge.koa(app);

app.use((context) => {
  context.body = 'hello';
});
app.listen(3000);`,
  hono: (edge) => `import { serve } from '@hono/node-server';
import { Hono } from 'hono';
${edge}
const app = new Hono();

app.get('/', (context) => context.text('hello'));
serve({ fetch: edge.hono(app), port: 3000 });`,
  node: (edge) => `import { createServer } from 'node:http';
${edge}
const server = createServer((request, response) => response.end('hello'));
edge.attach(server);

server.listen(3000);`,
};

/** Installs the middleware, uses it, and starts the application with the key in its environment. */
export function appSnippets(app: App, { url, key }: Fill): Snippet[] {
  const edge = `import { createEdge } from '@vedette/edge';

const edge = createEdge({ url: '${url}', key: process.env.VEDETTE_KEY });
`;
  return [
    { title: text.firstSteps.steps.install, code: `npm install ${url}/edge/vedette-edge-${version}.tgz` },
    { title: text.firstSteps.steps.app, code: CODE[app](edge), note: text.firstSteps.notes.proxied },
    { title: text.firstSteps.steps.start, code: `VEDETTE_KEY=${key} node app.mjs` },
  ];
}
