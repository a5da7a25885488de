import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How a service behaves: as it should, or as on a bad day. */
export type Mode = 'normal' | 'error' | 'garbage' | 'hang' | 'closing' | 'redirect' | 'huge';

/** Where `redirect` sends: a metadata service, which must never be fetched. */
export const PRIVATE_TARGET = 'http://169.254.169.254/latest/meta-data/';

/** Answers as the mode has it; false when that is normal. */
export function misbehave(mode: Mode, response: ServerResponse): boolean {
  switch (mode) {
    case 'normal':
      return false;
    case 'error':
      response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Internal Server Error</h1>');
      return true;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"rows": [{"dimens');
      return true;
    case 'closing':
      response.destroy();
      return true;
    case 'redirect':
      response.writeHead(307, { location: PRIVATE_TARGET }).end();
      return true;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let i = 0; i < 80; i++) response.write('x'.repeat(100_000));
      response.end();
      return true;
    default:
      return true;
  }
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}

export function listenLocally(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
