import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { lengthOf } from './body-length.ts';
import { connectionOf } from './connection.ts';
import { Exchange, type Originals, type Owner, type RouteReader, type Tracked } from './exchange.ts';
import { hookResponses, hookSocket } from './response-hook.ts';

type Write = (this: unknown, chunk: unknown, encoding?: unknown, callback?: unknown) => unknown;

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

/** `connections`: note ports and the order of requests on a connection too. */
export function createWatch(owner: Owner, connections: boolean): Watch {
  hookResponses();

  const find = (from: unknown): Exchange | null => {
    let exchange = (from as Tracked).vedetteEdge ?? null;
    while (exchange !== null && exchange.owner !== owner) exchange = exchange.next;
    return exchange;
  };

  // Shared by all requests and responses: no function is made for one.
  const write: Write = function (this: unknown, chunk, encoding, callback) {
    const exchange = find(this) as Exchange;
    if (!(this as ServerResponse).writableEnded) exchange.bytesOut += lengthOf(chunk, encoding);
    return (originalsOf(exchange).write as Write).call(this, chunk, encoding, callback);
  };
  const end: Write = function (this: unknown, chunk, encoding, callback) {
    const exchange = find(this) as Exchange;
    if (!(this as ServerResponse).writableEnded) exchange.bytesOut += lengthOf(chunk, encoding);
    return (originalsOf(exchange).end as Write).call(this, chunk, encoding, callback);
  };
  const push: Write = function (this: unknown, chunk, encoding) {
    const exchange = find(this) as Exchange;
    exchange.bytesIn += lengthOf(chunk, encoding);
    return (originalsOf(exchange).push as Write).call(this, chunk, encoding);
  };
  function onClose(this: ServerResponse): void {
    find(this)?.finish(this);
  }

  /** A response that does not tell by itself, as those of HTTP/2. */
  function wrap(response: ServerResponse, exchange: Exchange, version: number): void {
    const originals = originalsOf(exchange);
    originals.write = response.write;
    response.write = write as ServerResponse['write'];
    // HTTP/2's end hands its chunk to write.
    if (version < 2) {
      originals.end = response.end;
      response.end = end as ServerResponse['end'];
    }
    response.on('close', onClose);
  }

  function track(request: IncomingMessage, response: ServerResponse, url?: string): Exchange {
    const watched = (response as Tracked).vedetteEdge;
    if (watched) {
      const known = find(response);
      if (known !== null) return known;
    }
    const hooked = watched === null || watched?.hooked === true;
    const peer = hooked ? hookSocket(request.socket, response) : request.socket?.remoteAddress;
    const exchange = new Exchange(owner, performance.now(), request, url ?? (request.url as string), peer);
    exchange.next = watched ?? null;
    exchange.hooked = hooked;
    (response as Tracked).vedetteEdge = exchange;
    const version = request.httpVersionMajor;
    if (!hooked) wrap(response, exchange, version);
    if (hasBody(request, version)) {
      const source = (version < 2 ? request : streamOf(request)) as IncomingMessage;
      (source as Tracked).vedetteEdge = exchange;
      originalsOf(exchange).push = source.push;
      source.push = push as IncomingMessage['push'];
    }
    if (connections) {
      exchange.connection = connectionOf(request.socket, streamOf(request)?.session);
      exchange.depth = exchange.connection.requests += 1;
    }
    return exchange;
  }

  /** Whatever is strange about a request or response must not be the app's trouble. */
  function begin(request: IncomingMessage, response: ServerResponse, url?: string): Exchange | null {
    try {
      return track(request, response, url);
    } catch (error) {
      owner.onError(error);
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

function originalsOf(exchange: Exchange): Originals {
  exchange.originals ??= { write: null, end: null, push: null };
  return exchange.originals;
}

/** Whether a body comes with the request: told by its headers, without having all of them parsed. */
function hasBody(request: IncomingMessage, version: number): boolean {
  if (version > 1) return streamOf(request)?.endAfterHeaders === false;
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
