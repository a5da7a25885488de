import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Http2SecureServer, Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { isBodiless, lengthOf } from './body-length.ts';
import { connectionOf } from './connection.ts';
import { Exchange, type Owner } from './exchange.ts';
import { expressRoute } from './frameworks.ts';
import type { Watch } from './watch.ts';

/** A server of node:http, node:https or node:http2. */
export type AnyServer = Server | SecureServer | Http2Server | Http2SecureServer;

/** Watching without a framework. */
export interface Servers {
  /** A request listener that is watched. */
  node<T extends RequestListener>(listener: T): T;
  /**
   * Watches a whole server: all that its listeners and frameworks are asked, also what they never see (upgrades, raw
   * HTTP/2 streams), whenever they are added. Returns the server.
   */
  attach<T extends AnyServer>(server: T): T;
}

type Emit = (this: AnyServer, event: string, ...rest: unknown[]) => boolean;

export function createServers(watch: Watch, owner: Owner, connections: boolean): Servers {
  const attached = new WeakSet<AnyServer>();

  /** Express leaves the route on the request, where it is found without middleware. */
  function follow(request: IncomingMessage, response: ServerResponse): void {
    watch.follow(request, response, expressRoute, request);
  }

  function observe(server: AnyServer, event: string, first: unknown, second: unknown, third: unknown): void {
    switch (event) {
      case 'request':
      case 'checkContinue':
      case 'checkExpectation':
        follow(first as IncomingMessage, second as ServerResponse);
        break;
      case 'upgrade':
      case 'connect':
        watchSocket(first as IncomingMessage, second as Socket, third as Buffer, owner, connections);
        break;
      case 'stream':
        // With a listener for requests, the stream comes again as one.
        if (server.listenerCount('request') === 0) {
          watchStream(first as ServerHttp2Stream, second as IncomingHttpHeaders, owner);
        }
        break;
      default:
    }
  }

  return {
    node: (listener) =>
      function vedetteEdge(this: unknown, request: IncomingMessage, response: ServerResponse) {
        follow(request, response);
        return listener.call(this as never, request, response as never);
      } as typeof listener,
    attach(server) {
      if (attached.has(server)) return server;
      attached.add(server);
      // Not a listener: one for `upgrade` alone would change how the server treats upgrades.
      const emit = server.emit as Emit;
      server.emit = function (this: AnyServer, event: string, first?: unknown, second?: unknown, third?: unknown) {
        try {
          observe(this, event, first, second, third);
        } catch (error) {
          owner.onError(error);
        }
        // biome-ignore lint/complexity/noArguments: passed on exactly as they came
        return emit.apply(this, arguments as unknown as [string]);
      } as typeof server.emit;
      return server;
    },
  };
}

/** A connection that stops speaking HTTP: recorded when it ends, with the status that was answered and what it carried since. */
function watchSocket(request: IncomingMessage, socket: Socket, head: Buffer, owner: Owner, connections: boolean): void {
  const exchange = new Exchange(owner, performance.now(), request, request.url as string, socket.remoteAddress);
  if (connections) {
    exchange.connection = connectionOf(socket);
    exchange.depth = exchange.connection.requests += 1;
  }
  const readBefore = socket.bytesRead - head.length;
  let writtenBefore = socket.bytesWritten;
  const { write, end } = socket;

  // The answer is written by hand, so its status is in the first bytes that go out.
  function answered(chunk: unknown): void {
    socket.write = write;
    socket.end = end;
    const text =
      typeof chunk === 'string' ? chunk : chunk instanceof Uint8Array ? Buffer.from(chunk).toString('latin1') : '';
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
    if (status === undefined) return;
    exchange.status = Number(status);
    const blank = text.indexOf('\r\n\r\n');
    writtenBefore += blank < 0 ? text.length : blank + 4;
  }
  socket.write = function (this: Socket, ...rest: unknown[]) {
    answered(rest[0]);
    return write.apply(this, rest as Parameters<typeof write>);
  } as typeof write;
  socket.end = function (this: Socket, ...rest: unknown[]) {
    answered(rest[0]);
    return end.apply(this, rest as Parameters<typeof end>);
  } as typeof end;
  socket.once('close', () => {
    exchange.ended = performance.now();
    exchange.bytesIn = Math.max(0, socket.bytesRead - readBefore);
    exchange.bytesOut = Math.max(0, socket.bytesWritten - writtenBefore);
    owner.take(exchange);
  });
}

/** An HTTP/2 stream whose server listens to streams only. */
function watchStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, owner: Owner): void {
  const socket = stream.session?.socket;
  const request = {
    method: headers[':method'],
    httpVersion: '2.0',
    rawHeaders: Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
  } as unknown as IncomingMessage;
  const exchange = new Exchange(owner, performance.now(), request, headers[':path'] ?? '', socket?.remoteAddress);
  const { write, end, push } = stream;
  stream.write = function (this: ServerHttp2Stream, ...rest: unknown[]) {
    exchange.bytesOut += lengthOf(rest[0], rest[1]);
    return write.apply(this, rest as Parameters<typeof write>);
  } as typeof write;
  stream.end = function (this: ServerHttp2Stream, ...rest: unknown[]) {
    exchange.bytesOut += lengthOf(rest[0], rest[1]);
    return end.apply(this, rest as Parameters<typeof end>);
  } as typeof end;
  stream.push = function (this: ServerHttp2Stream, ...rest: unknown[]) {
    exchange.bytesIn += lengthOf(rest[0], rest[1]);
    return push.apply(this, rest as Parameters<typeof push>);
  } as typeof push;
  stream.once('close', () => {
    exchange.ended = performance.now();
    const sent = stream.sentHeaders;
    exchange.status = Number(sent?.[':status'] ?? 0);
    if (isBodiless(exchange.method, exchange.status)) exchange.bytesOut = 0;
    // A file that the engine sends itself (respondWithFile) is written by nobody.
    else if (exchange.bytesOut === 0 && stream.rstCode === 0) exchange.bytesOut = Number(sent?.['content-length'] ?? 0);
    owner.take(exchange);
  });
}
