import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, request } from 'undici';
import { Fault } from '../model/fault.ts';
import { guardedConnector, type Resolve, refusedTarget, TargetRule } from './guarded-target.ts';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers meant for the first server only. */
const PERSONAL_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

export interface GuardedClientOptions {
  /** CIDR blocks (or addresses) that may be fetched from although they are not public. None unless told. */
  allowPrivate?: readonly string[] | undefined;
  /** Sent as User-Agent: who we are and where to complain. */
  userAgent: string;
  /** For a whole exchange, redirects and body included. 15 s unless told. */
  timeoutMs?: number | undefined;
  /** Most bytes of a body, unpacked. 16 MiB unless told. */
  maxBytes?: number | undefined;
  /** 5 unless told. */
  maxRedirects?: number | undefined;
  /** How names become addresses; the system's resolver unless told. */
  resolve?: Resolve | undefined;
}

export interface GetOptions {
  headers?: Record<string, string> | undefined;
  timeoutMs?: number | undefined;
  maxBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Follow redirects to the same host only: another one is an `outbound-redirects`, and is not called. */
  sameHost?: boolean | undefined;
  /** Take the body as it is sent, and ask for no compression. For files whose own format is compressed. */
  raw?: boolean | undefined;
}

export interface PostOptions extends Omit<GetOptions, 'raw' | 'sameHost'> {
  body: string | Buffer;
}

/** An answer whose body has not been read. Read it to the end or destroy it; the time limit runs on. */
export interface GuardedStream {
  status: number;
  /** Where the answer came from, after redirects. */
  url: string;
  /** By lower-case name; repeated ones joined by a comma. */
  headers: Record<string, string>;
  body: Readable;
}

export interface GuardedResponse extends Omit<GuardedStream, 'body'> {
  body: Buffer;
}

/**
 * The client for every URL that someone configured. Only http and https; never to a private, loopback, link-local,
 * shared or metadata address unless allowed, checked after name resolution, for addresses in any spelling, and again on
 * every redirect; with limits on size, time and redirects. Any HTTP status is an answer. Faults name the URL without
 * its query and credentials, which may hold secrets: `outbound-refused`
 * (target not allowed), `outbound-timeout`, `outbound-too-large`, `outbound-redirects`, `outbound-failed`.
 */
export interface GuardedClient {
  get(url: string, options?: GetOptions): Promise<GuardedResponse>;
  open(url: string, options?: GetOptions): Promise<GuardedStream>;
  /** Sends a body. No redirect is followed, for what is sent is meant for one place: it is an `outbound-redirects`. */
  post(url: string, options: PostOptions): Promise<GuardedResponse>;
  close(): Promise<void>;
}

/** Makes a guarded client. Throws UsageFault when a block in `allowPrivate` is none. */
export function createGuardedClient(options: GuardedClientOptions): GuardedClient {
  const rule = new TargetRule(options.allowPrivate ?? []);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const agent = new Agent({
    connect: guardedConnector(rule, timeoutMs, options.resolve),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 32 * 1024,
  });
  const open = (url: string, get: GetOptions = {}): Promise<GuardedStream> => follow(agent, options, url, get);
  return {
    open,
    get: async (url, get) => whole(await open(url, get)),
    post: async (url, post) => whole(await follow(agent, options, url, post, post.body)),
    close: () => agent.close(),
  };
}

async function whole({ body, ...answer }: GuardedStream): Promise<GuardedResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return { ...answer, body: Buffer.concat(chunks) };
}

async function follow(
  agent: Agent,
  client: GuardedClientOptions,
  from: string,
  get: GetOptions,
  sent?: string | Buffer,
): Promise<GuardedStream> {
  const limits = new Limits(shownUrl(from), client, get);
  try {
    const most = sent === undefined ? (client.maxRedirects ?? DEFAULT_MAX_REDIRECTS) : 0;
    const headers: Record<string, string> = {
      'accept-encoding': get.raw ? 'identity' : 'gzip, deflate, br',
      ...lowerCase(get.headers ?? {}),
      'user-agent': client.userAgent,
    };
    let url = parseTarget(from, null);
    for (let hop = 0; ; hop++) {
      const response = await request(takeCredentials(url, headers), {
        dispatcher: agent,
        headers,
        signal: limits.signal,
        ...(sent === undefined ? {} : { method: 'POST' as const, body: sent }),
      });
      const answer = plainHeaders(response.headers);
      const location = answer.location;
      if (!REDIRECTS.has(response.statusCode) || location === undefined) {
        const body = limits.watch(response.body, get.raw ? '' : (answer['content-encoding'] ?? ''));
        return { status: response.statusCode, url: url.href, headers: answer, body };
      }
      response.body.on('error', () => {}).destroy();
      if (hop >= most) {
        const told = sent === undefined ? `more than ${most} redirects` : 'a redirect, which is not followed';
        throw new Fault('outbound-redirects', `${shownUrl(from)}: ${told}`);
      }
      const next = parseTarget(location, url);
      if (get.sameHost === true && next.hostname !== url.hostname) {
        throw new Fault(
          'outbound-redirects',
          `${shownUrl(from)}: a redirect to ${next.hostname}, which is not followed`,
        );
      }
      if (next.origin !== url.origin) for (const name of PERSONAL_HEADERS) delete headers[name];
      url = next;
    }
  } catch (error) {
    limits.end();
    throw limits.explain(error);
  }
}

/** A URL as messages name it: queries and credentials hold secrets. */
function shownUrl(text: string): string {
  if (!URL.canParse(text)) return text.slice(0, 200);
  const url = new URL(text);
  const path = url.origin === 'null' ? `${url.protocol}//${url.host}${url.pathname}` : `${url.origin}${url.pathname}`;
  return `${path}${url.search === '' ? '' : '?…'}`.slice(0, 200);
}

/** Reads a URL, resolving a relative one against the page it was met on; refuses all but http and https. */
function parseTarget(text: string, base: URL | null): URL {
  let url: URL;
  try {
    url = base ? new URL(text, base) : new URL(text);
  } catch {
    throw refusedTarget(JSON.stringify(text.slice(0, 200)), 'it is not a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refusedTarget(shownUrl(url.href), `only http and https are, not ${url.protocol.slice(0, -1)}`);
  }
  return url;
}

/** Moves a user name and password from the URL into the header that carries them. */
function takeCredentials(url: URL, headers: Record<string, string>): URL {
  if (url.username === '' && url.password === '') return url;
  const plain = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  headers.authorization = `Basic ${Buffer.from(plain).toString('base64')}`;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/** The limits of one exchange, from the first connection to the last byte. */
class Limits {
  readonly #from: string;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;
  readonly #outer: AbortSignal | undefined;
  #timedOut = false;

  constructor(from: string, client: GuardedClientOptions, get: GetOptions) {
    this.#from = from;
    this.#timeoutMs = get.timeoutMs ?? client.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#maxBytes = get.maxBytes ?? client.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#stop.abort();
    }, this.#timeoutMs);
    this.#outer = get.signal;
    this.#onAbort = () => this.#stop.abort();
    if (this.#outer?.aborted) this.#stop.abort();
    else this.#outer?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#onAbort);
  }

  /** The unpacked body, which fails with a Fault when it is too long, too slow or broken. */
  watch(body: Readable, encoding: string): Readable {
    return Readable.from(this.#bytes(body, unpackers(encoding)), { objectMode: false });
  }

  async *#bytes(body: Readable, steps: NodeJS.ReadWriteStream[]): AsyncGenerator<Buffer> {
    let last: Readable = body;
    for (const step of steps) {
      last.on('error', (error) => (step as unknown as Readable).destroy(error));
      last = last.pipe(step) as unknown as Readable;
    }
    let size = 0;
    try {
      for await (const chunk of last) {
        size += (chunk as Buffer).length;
        if (size > this.#maxBytes) {
          throw new Fault('outbound-too-large', `${this.#from}: the answer is longer than ${this.#maxBytes} bytes`);
        }
        yield chunk as Buffer;
      }
    } catch (error) {
      throw this.explain(error);
    } finally {
      this.end();
      body.on('error', () => {}).destroy();
      last.destroy();
    }
  }

  /** Any error of the exchange as a Fault that names the URL. */
  explain(error: unknown): unknown {
    if (error instanceof Fault) return error;
    if (this.#timedOut) {
      return new Fault('outbound-timeout', `${this.#from}: no whole answer within ${this.#timeoutMs} ms`, {
        cause: error,
      });
    }
    if (this.#outer?.aborted) return new Fault('outbound-aborted', `${this.#from}: given up`, { cause: error });
    const { code, message } = error as NodeJS.ErrnoException;
    const timeout = typeof code === 'string' && /TIMEOUT|TIMEDOUT/.test(code);
    const reason = message || code || 'unknown reason';
    return new Fault(timeout ? 'outbound-timeout' : 'outbound-failed', `${this.#from}: ${reason}`, { cause: error });
  }
}

function unpackers(encoding: string): NodeJS.ReadWriteStream[] {
  const steps: NodeJS.ReadWriteStream[] = [];
  for (const name of encoding.toLowerCase().split(',').reverse()) {
    const coding = name.trim();
    if (coding === 'gzip' || coding === 'x-gzip') steps.push(createGunzip());
    else if (coding === 'deflate') steps.push(createInflate());
    else if (coding === 'br') steps.push(createBrotliDecompress());
  }
  // More than two is an attack on the unpacker, not a saving.
  return steps.slice(0, 2);
}
