// Express 5 with the edge. The name `express5` is this workspace's, where both versions live: elsewhere it is `express`.
import { setTimeout as sleep } from 'node:timers/promises';
import { createEdge } from '@vedette/edge';
import express from 'express5';

const edge = createEdge({ url: process.env.VEDETTE_URL, key: process.env.VEDETTE_KEY, name: 'example-express5' });
const app = express();

const users = express.Router();
users.get('/:id', (request, response) => response.json({ id: request.params.id }));
app.use('/users', users);
app.get('/', (_, response) => response.send('hello'));
app.get('/events', async (_, response) => {
  response.set('content-type', 'text/event-stream');
  for (const n of [1, 2, 3]) {
    response.write(`data: ${n}\n\n`);
    await sleep(10);
  }
  response.end();
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
edge.attach(server);
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => edge.close().then(() => process.exit()));
});
