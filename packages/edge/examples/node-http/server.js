// node:http with the edge. VEDETTE_URL and VEDETTE_KEY say where the hub is; PORT where to listen.
import { createServer } from 'node:http';
import { createEdge } from '@vedette/edge';

const edge = createEdge({ url: process.env.VEDETTE_URL, key: process.env.VEDETTE_KEY, name: 'example-node-http' });

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const user = /^\/users\/(\d+)$/.exec(pathname);
  if (user !== null) response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: user[1] }));
  else if (pathname === '/events') sendEvents(response);
  else if (pathname === '/') response.end('hello');
  else response.writeHead(404).end('not found');
});
// Everything the server is asked, also upgrades to WebSocket.
edge.attach(server);

async function sendEvents(response) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const n of [1, 2, 3]) {
    response.write(`data: ${n}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  response.end();
}

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () =>
  console.log(`listening on ${server.address().port}`),
);
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => edge.close().then(() => process.exit()));
});
