import type { Socket } from 'node:net';
import type { Connection } from './exchange.ts';

const known = new WeakMap<object, Connection>();
let count = 0;

/**
 * What is noted of a connection; the same object for each of its requests. `itself`: what stands for the connection; the
 * session under HTTP/2, where each request has a socket of its own that is none.
 */
export function connectionOf(socket: Socket, itself: object = socket): Connection {
  let connection = known.get(itself);
  if (connection === undefined) {
    connection = {
      number: count,
      requests: 0,
      clientPort: socket.remotePort ?? 0,
      serverAddress: socket.localAddress ?? '',
      serverPort: socket.localPort ?? 0,
    };
    count += 1;
    known.set(itself, connection);
  }
  return connection;
}
