import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { isBodiless } from './body-length.ts';

/** The connection a request came over, for outputs that tell connections apart. */
export interface Connection {
  /** Counted from 0 in this process. */
  number: number;
  /** Requests it has carried so far. */
  requests: number;
  clientPort: number;
  serverAddress: string;
  serverPort: number;
}

/** Finds the route of a request once it was answered, in what its framework left behind; '' when there is none. */
export type RouteReader = (from: unknown, exchange: Exchange) => string;

/** The edge that watches. Several may watch one server. */
export interface Owner {
  /** Gets every exchange once, when its response was sent or its client has left. Does not throw. */
  take(exchange: Exchange): void;
  onError(error: unknown): void;
}

/** What of a response tells how it was answered. */
export interface Answer {
  headersSent: boolean;
  statusCode: number;
}

/** What the methods of a request or response were before. */
export interface Originals {
  write: unknown;
  end: unknown;
  push: unknown;
}

/**
 * One request and its response, as they go by: only what costs nothing to take is taken here, and made sense of when the
 * answer is out. Every instance has the same fields in the same order, so that the engine compiles the request path once.
 */
export class Exchange {
  readonly owner: Owner;
  /** Both by the monotonic clock, ms. */
  started: number;
  ended = 0;
  method: string;
  url: string;
  /** `1.1`, `2.0`… */
  version: string;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
  /** Address of the socket's other end; undefined on a Unix socket. */
  peer: string | undefined;
  /** 0: the response never began. */
  status = 0;
  /** Body bytes; -1 when they were not counted. */
  bytesIn = 0;
  bytesOut = 0;
  route = '';
  readRoute: RouteReader | null = null;
  routed: unknown = null;
  connection: Connection | null = null;
  /** Which request of its connection it is, from 1. */
  depth = 0;
  /** Null where nothing had to be replaced on the request or response itself. */
  originals: Originals | null = null;
  /** Whether the response is one of those that tell by themselves (response-hook.ts). */
  hooked = false;
  done = false;
  /** The exchange of another edge that watches the same. */
  next: Exchange | null = null;

  constructor(owner: Owner, started: number, request: IncomingMessage, url: string, peer: string | undefined) {
    this.owner = owner;
    this.started = started;
    this.method = request.method as string;
    this.url = url;
    this.version = request.httpVersion;
    this.rawHeaders = request.rawHeaders;
    this.peer = peer;
  }

  /** The answer is out, or the client has left; what comes after that changes nothing any more. */
  finish(answer: Answer): void {
    if (this.done) return;
    this.done = true;
    this.ended = performance.now();
    this.status = answer.headersSent ? answer.statusCode : 0;
    if (this.readRoute !== null) findRoute(this, this.readRoute);
    if (this.status === 0 || isBodiless(this.method, this.status)) this.bytesOut = 0;
    this.owner.take(this);
  }
}

function findRoute(exchange: Exchange, readRoute: RouteReader): void {
  try {
    exchange.route = readRoute(exchange.routed, exchange);
  } catch {
    // A framework that keeps its route elsewhere costs the route, nothing else.
    exchange.route = '';
  }
  exchange.readRoute = null;
  exchange.routed = null;
}

/** Of a request or response: its exchanges, one for each edge that watches. */
export interface Tracked {
  /**
   * By a name and not by a symbol: a property that is not named in the code makes the engine keep an object of so many
   * as a dictionary, which costs half of what a whole request does.
   */
  vedetteEdge?: Exchange | null;
}
