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

/**
 * Sees to it that a response which is never ended is known when its connection closes. One listener for a connection,
 * not for each of its requests: Node notes on the socket which response is under way.
 */
export function hookSocket(socket: Socket | null, response: ServerResponse): void {
  if (socket === null || typeof socket.on !== 'function') {
    response.on('close', onResponseClose);
    return;
  }
  const watched = socket as Socket & { vedetteEdge?: boolean };
  if (watched.vedetteEdge === true) return;
  watched.vedetteEdge = true;
  socket.on('close', onSocketClose);
}

function onSocketClose(this: Socket): void {
  const { _httpMessage: response } = this as Socket & { _httpMessage?: Hooked | null };
  const first = response?.vedetteEdge;
  if (first) finish(response as ServerResponse, first);
}
