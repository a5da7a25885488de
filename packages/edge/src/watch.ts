import type { IncomingMessage, ServerResponse } from 'node:http';
import { isBodiless, lengthOf } from './body-length.ts';
import { connectionOf } from './connection.ts';
import { Exchange, type RouteReader } from './exchange.ts';

type Write = (this: unknown, chunk: unknown, encoding?: unknown, callback?: unknown) => unknown;
/**
 * A request or response with the exchange hung onto it. By a name and not by a symbol: a property that is not named in the
 * code makes the engine keep an object of so many as a dictionary, which costs half of what a whole request does.
 */
interface Tracked {
  vedetteEdge?: Exchange;
}

/** Watches requests go by. Nothing here throws into the app, waits, or changes what the app sees of its response. */
export interface Watch {
  /** Takes note of a request; asked again about the same response, it answers with what it has. null: it could not. */
  begin(request: IncomingMessage, response: ServerResponse, url?: string): Exchange | null;
  /** The same, with where the route will be found. */
  follow(
    request: IncomingMessage,
    response: ServerResponse,
    readRoute: RouteReader,
    routed: unknown,
    url?: string,
  ): void;
}

/**
 * `take` gets every exchange once, when its response was sent or its client has left. `connections`: note ports and
 * the order of requests on a connection too.
 */
export function createWatch(
  take: (exchange: Exchange) => void,
  connections: boolean,
  onError: (error: unknown) => void,
): Watch {
  // Several edges may watch one server.
  const OWNER = {};
  const find = (from: unknown): Exchange | undefined => {
    let exchange = (from as Tracked).vedetteEdge;
    while (exchange !== undefined && exchange.owner !== OWNER) exchange = exchange.next;
    return exchange;
  };

  // Shared by all responses: no function is made for a request.
  const write: Write = function (this: unknown, chunk, encoding, callback) {
    const exchange = find(this) as Exchange;
    if (!(this as ServerResponse).writableEnded) exchange.bytesOut += lengthOf(chunk, encoding);
    return (exchange.write as Write).call(this, chunk, encoding, callback);
  };
  const end: Write = function (this: unknown, chunk, encoding, callback) {
    const exchange = find(this) as Exchange;
    if (!(this as ServerResponse).writableEnded) exchange.bytesOut += lengthOf(chunk, encoding);
    return (exchange.end as Write).call(this, chunk, encoding, callback);
  };
  const push: Write = function (this: unknown, chunk, encoding) {
    const exchange = find(this) as Exchange;
    exchange.bytesIn += lengthOf(chunk, encoding);
    return (exchange.push as Write).call(this, chunk, encoding);
  };

  function onClose(this: ServerResponse): void {
    const exchange = find(this) as Exchange;
    exchange.ended = performance.now();
    exchange.status = this.headersSent ? this.statusCode : 0;
    if (exchange.readRoute !== null) readRoute(exchange);
    if (exchange.status === 0 || isBodiless(exchange.method, exchange.status)) exchange.bytesOut = 0;
    take(exchange);
  }

  function track(request: IncomingMessage, response: ServerResponse, url?: string): Exchange {
    const known = find(response);
    if (known !== undefined) return known;
    const exchange = new Exchange(performance.now(), request, url ?? (request.url as string));
    exchange.owner = OWNER;
    exchange.next = (response as Tracked).vedetteEdge;
    (response as Tracked).vedetteEdge = exchange;
    exchange.write = response.write;
    response.write = write as ServerResponse['write'];
    // HTTP/2's end hands its chunk to write.
    if (request.httpVersionMajor < 2) {
      exchange.end = response.end;
      response.end = end as ServerResponse['end'];
    }
    if (hasBody(request)) {
      const source = (request.httpVersionMajor < 2 ? request : streamOf(request)) as IncomingMessage;
      (source as Tracked).vedetteEdge = exchange;
      exchange.push = source.push;
      source.push = push as IncomingMessage['push'];
    }
    if (connections) {
      exchange.connection = connectionOf(request.socket, streamOf(request)?.session);
      exchange.depth = exchange.connection.requests += 1;
    }
    response.on('close', onClose);
    return exchange;
  }

  /** Whatever is strange about a request or response must not be the app's trouble. */
  function begin(request: IncomingMessage, response: ServerResponse, url?: string): Exchange | null {
    try {
      return track(request, response, url);
    } catch (error) {
      onError(error);
      return null;
    }
  }

  return {
    begin,
    follow(request, response, readRoute, routed, url) {
      const exchange = begin(request, response, url);
      if (exchange === null) return;
      exchange.readRoute = readRoute;
      exchange.routed = routed;
    },
  };
}

function readRoute(exchange: Exchange): void {
  try {
    exchange.route = (exchange.readRoute as RouteReader)(exchange.routed);
  } catch {
    // A framework that keeps its route elsewhere costs the route, nothing else.
    exchange.route = '';
  }
  exchange.readRoute = null;
  exchange.routed = null;
}

/** Whether a body comes with the request: told by its headers, without having all of them parsed. */
function hasBody(request: IncomingMessage): boolean {
  if (request.httpVersionMajor > 1) return streamOf(request)?.endAfterHeaders === false;
  const raw = request.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length === 14 && name.toLowerCase() === 'content-length') return raw[i + 1] !== '0';
    if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') return true;
  }
  return false;
}

/** The stream of a request over HTTP/2. */
function streamOf(request: IncomingMessage): { endAfterHeaders?: boolean; session?: object } | undefined {
  return (request as unknown as { stream?: { endAfterHeaders?: boolean; session?: object } }).stream;
}
