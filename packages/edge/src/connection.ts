import type { Socket } from 'node:net';
import type { Connection } from './exchange.ts';

const known = new WeakMap<Socket, Connection>();
let count = 0;

/** What is noted of a connection; the same object for each of its requests. */
export function connectionOf(socket: Socket): Connection {
  let connection = known.get(socket);
  if (connection === undefined) {
    connection = {
      number: count,
      requests: 0,
      clientPort: socket.remotePort ?? 0,
      serverAddress: socket.localAddress ?? '',
      serverPort: socket.localPort ?? 0,
    };
    count += 1;
    known.set(socket, connection);
  }
  return connection;
}
