import type { IncomingMessage } from 'node:http';

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
export type RouteReader = (from: unknown) => string;

/**
 * One request and its response, as they go by: only what costs nothing to take is taken here, and made sense of later.
 * Every instance has the same fields in the same order, so that the engine compiles the request path once.
 */
export class Exchange {
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
  // What the response's own methods were before.
  write: unknown = null;
  end: unknown = null;
  push: unknown = null;
  /** Which edge's it is, and the exchange of another edge that watches the same. */
  owner: object | null = null;
  next: Exchange | undefined = undefined;

  constructor(started: number, request: IncomingMessage, url: string) {
    this.started = started;
    this.method = request.method as string;
    this.url = url;
    this.version = request.httpVersion;
    this.rawHeaders = request.rawHeaders;
    this.peer = request.socket?.remoteAddress;
  }
}
