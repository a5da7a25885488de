// Fastify 5 with the edge.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEdge } from '@vedette/edge';
import Fastify from 'fastify';

const edge = createEdge({ url: process.env.VEDETTE_URL, key: process.env.VEDETTE_KEY, name: 'example-fastify' });
const app = Fastify({ forceCloseConnections: true });
// The first plugin. When the app closes, what waits is brought to the hub.
await app.register(edge.fastify());

app.get('/', async () => 'hello');
app.get('/users/:id', async (request) => ({ id: request.params.id }));
app.get('/events', async (_, reply) => reply.type('text/event-stream').send(Readable.from(events())));

async function* events() {
  for (const n of [1, 2, 3]) {
    yield `data: ${n}\n\n`;
    await sleep(10);
  }
}

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`listening on ${app.server.address().port}`);
process.once('SIGTERM', () => app.close().then(() => process.exit()));
