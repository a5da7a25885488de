import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lengthOf } from './body-length.ts';
import type { Exchange, Tracked } from './exchange.ts';

type Write = (this: ServerResponse, chunk: unknown, encoding?: unknown, callback?: unknown) => unknown;
type Prototype = Tracked & { write: Write; end: Write };
type Hooked = ServerResponse & Tracked;

/**
 * Makes responses of node:http tell their exchange what they write and when they end. `write` and `end` are replaced
 * once, where all responses have them from, because to replace them on each response costs more than all else that is
 * done for a request. Responses without an exchange pass with one look.
 */
export function hookResponses(): void {
  const prototype = ServerResponse.prototype as unknown as Prototype;
  // Another copy of this package may have done so.
  if (Object.hasOwn(prototype, 'vedetteEdge')) return;
  const own = Object.hasOwn(prototype, 'write') || Object.hasOwn(prototype, 'end');
  // Looked up at each call, where it can be: others may replace the ones below later.
  const base: { write: Write; end: Write } = own
    ? { write: prototype.write, end: prototype.end }
    : Object.getPrototypeOf(prototype);
  const hide = (name: string, value: unknown): void => {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false });
  };

  hide('vedetteEdge', null);
  hide('write', function write(this: ServerResponse, chunk: unknown, encoding?: unknown, callback?: unknown) {
    const exchange = (this as Hooked).vedetteEdge as Exchange | null;
    if (exchange === null || this.writableEnded) return base.write.call(this, chunk, encoding, callback);
    const result = base.write.call(this, chunk, encoding, callback);
    count(exchange, lengthOf(chunk, encoding));
    return result;
  });
  hide('end', function end(this: ServerResponse, chunk: unknown, encoding?: unknown, callback?: unknown) {
    const exchange = (this as Hooked).vedetteEdge as Exchange | null;
    if (exchange === null || this.writableEnded) return base.end.call(this, chunk, encoding, callback);
    const result = base.end.call(this, chunk, encoding, callback);
    settle(this, exchange, lengthOf(chunk, encoding));
    return result;
  });
}

function count(first: Exchange, bytes: number): void {
  for (let exchange: Exchange | null = first; exchange !== null; exchange = exchange.next) exchange.bytesOut += bytes;
}

/** The app has ended its response. Mostly the system has taken all of it by now, and nothing need be waited for. */
function settle(response: ServerResponse, first: Exchange, bytes: number): void {
  try {
    count(first, bytes);
    if (response.socket !== null && response.writableLength === 0) finish(response, first);
    else response.on('close', onResponseClose);
  } catch (error) {
    first.owner.onError(error);
  }
}

function finish(response: ServerResponse, first: Exchange): void {
  for (let exchange: Exchange | null = first; exchange !== null; exchange = exchange.next) exchange.finish(response);
}

function onResponseClose(this: ServerResponse): void {
  const first = (this as Hooked).vedetteEdge;
  if (first) finish(this, first);
}

interface Watched extends Socket {
  /** Address of the other end, '' where it has none; undefined while the socket is not watched. */
  vedetteEdge?: string;
}

/**
 * Sees to it that a response which is never ended is known when its connection closes. One listener for a connection,
 * not for each of its requests: Node notes on the socket which response is under way. Returns the address of the
 * connection's other end, which Node works out anew each time it is asked.
 */
export function hookSocket(socket: Socket | null, response: ServerResponse): string | undefined {
  if (socket === null || typeof socket.on !== 'function') {
    response.on('close', onResponseClose);
    return socket?.remoteAddress;
  }
  const watched = socket as Watched;
  if (watched.vedetteEdge === undefined) {
    watched.vedetteEdge = socket.remoteAddress ?? '';
    socket.on('close', onSocketClose);
  }
  return watched.vedetteEdge;
}

function onSocketClose(this: Socket): void {
  const { _httpMessage: response } = this as Socket & { _httpMessage?: Hooked | null };
  const first = response?.vedetteEdge;
  if (first) finish(response as ServerResponse, first);
}
