// Koa with the edge.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEdge } from '@vedette/edge';
import Koa from 'koa';

const edge = createEdge({ url: process.env.VEDETTE_URL, key: process.env.VEDETTE_KEY, name: 'example-koa' });
const app = new Koa();
edge.koa(app);

app.use((context) => {
  const user = /^\/users\/(\d+)$/.exec(context.path);
  if (user !== null) context.body = { id: user[1] };
  else if (context.path === '/') context.body = 'hello';
  else if (context.path === '/events') {
    context.type = 'text/event-stream';
    context.body = Readable.from(events());
  }
});

async function* events() {
  for (const n of [1, 2, 3]) {
    yield `data: ${n}\n\n`;
    await sleep(10);
  }
}

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => edge.close().then(() => process.exit()));
});
