import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A line between two programs that can be made to fail. It listens on one port of loopback for as long as it is. */
export interface TcpProxy {
  readonly port: number;
  /** Where new connections lead from now on. */
  leadTo(port: number): void;
  /** Nothing passes for so long; resolves when it does again. */
  silence(ms: number): Promise<void>;
  /** A few bytes pass at a time for so long; resolves when all do again. */
  slow(ms: number): Promise<void>;
  /** Of the next so many pieces only half passes, and the connection breaks. */
  cut(count: number): void;
  close(): Promise<void>;
}

const SLOW_BYTES = 256;
const SLOW_MS = 5;

/** Resolves when the socket takes more, or never will. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      socket.off('drain', go).off('close', go);
      resolve();
    };
    socket.once('drain', go).once('close', go);
  });
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let to = target;
  let silent: Promise<void> | null = null;
  let slowUntil = 0;
  let cuts = 0;

  async function pass(from: Socket, into: Socket): Promise<void> {
    try {
      for await (const piece of from as AsyncIterable<Buffer>) {
        while (silent !== null) await silent;
        if (cuts > 0) {
          cuts -= 1;
          into.write(piece.subarray(0, piece.length >> 1), () => into.destroy());
          return void from.destroy();
        }
        await write(into, piece);
      }
      into.end();
    } catch {
      // One side is gone, so that the other goes as well.
      into.destroy();
    }
  }

  async function write(into: Socket, piece: Buffer): Promise<void> {
    let at = 0;
    while (at < piece.length && performance.now() < slowUntil && !into.destroyed) {
      into.write(piece.subarray(at, at + SLOW_BYTES));
      at += SLOW_BYTES;
      await sleep(SLOW_MS);
    }
    if (at >= piece.length || into.destroyed) return;
    if (!into.write(piece.subarray(at))) await drained(into);
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => sockets.delete(socket));
    }
    far.once('error', () => near.destroy());
    void pass(near, far);
    void pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      to = port;
    },
    async silence(ms) {
      silent = sleep(ms).then(() => {
        silent = null;
      });
      await silent;
    },
    async slow(ms) {
      slowUntil = performance.now() + ms;
      await sleep(ms);
    },
    cut(count) {
      cuts = count;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
