// Express 4 with the edge, as CommonJS. The name `express4` is this workspace's, where both versions live: elsewhere it
// is `express`.
const express = require('express4');
const { createEdge } = require('@vedette/edge');

const edge = createEdge({ url: process.env.VEDETTE_URL, key: process.env.VEDETTE_KEY, name: 'example-express4' });
const app = express();
// Before everything else, so that it sees what other middleware answers too.
app.use(edge.express());

const users = express.Router();
users.get('/:id', (request, response) => response.json({ id: request.params.id }));
app.use('/users', users);
app.get('/', (request, response) => response.send('hello'));
app.get('/events', (request, response) => {
  response.set('content-type', 'text/event-stream');
  let n = 0;
  const timer = setInterval(() => {
    n += 1;
    response.write(`data: ${n}\n\n`);
    if (n < 3) return;
    clearInterval(timer);
    response.end();
  }, 10);
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => edge.close().then(() => process.exit()));
});
