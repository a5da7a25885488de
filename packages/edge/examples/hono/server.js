// Hono on @hono/node-server with the edge.
import { serve } from '@hono/node-server';
import { createEdge } from '@vedette/edge';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

const edge = createEdge({ url: process.env.VEDETTE_URL, key: process.env.VEDETTE_KEY, name: 'example-hono' });
const app = new Hono();

app.get('/', (context) => context.text('hello'));
app.get('/users/:id', (context) => context.json({ id: context.req.param('id') }));
app.get('/events', (context) =>
  streamSSE(context, async (stream) => {
    for (const n of [1, 2, 3]) {
      await stream.writeSSE({ data: String(n) });
      await stream.sleep(10);
    }
  }),
);

const server = serve(
  { fetch: edge.hono(app), port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' },
  ({ port }) => {
    console.log(`listening on ${port}`);
  },
);
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => edge.close().then(() => process.exit()));
});
