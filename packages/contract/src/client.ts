import type { Api } from './api.ts';
import { PROBLEM_TYPE, type Problem } from './problem.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** What a route takes and answers, as the OpenAPI document has it. */
interface Shape {
  params: unknown;
  query: unknown;
  body: unknown;
  answer: unknown;
  lines: unknown;
  creates: boolean;
}

/** Paths of the API that take a method. */
export type PathOf<M extends Method> = { [P in keyof Api]: M extends keyof Api[P] ? P : never }[keyof Api];
type ShapeOf<M extends Method, P> = P extends keyof Api ? (M extends keyof Api[P] ? Api[P][M] & Shape : never) : never;

type Given<Name extends string, Value> = [Value] extends [undefined]
  ? { [N in Name]?: undefined }
  : object extends Value
    ? { [N in Name]?: Value }
    : { [N in Name]: Value };
type Times<S extends Shape> = S['creates'] extends true
  ? {
      /** The same call under the same key is carried out once. */
      idempotencyKey?: string;
    }
  : { idempotencyKey?: undefined };
/** Everything that goes with a call: `params` in the path, `query`, `body`. */
export type CallOptions<S extends Shape> = Given<'params', S['params']> &
  Given<'query', S['query']> &
  Given<'body', S['body']> &
  Times<S> & { signal?: AbortSignal };
/** May be left out where nothing in it has to be there. */
type Options<S extends Shape> = object extends CallOptions<S> ? [options?: CallOptions<S>] : [options: CallOptions<S>];

/** Lists that answer page by page. */
export type ListPath = {
  [P in PathOf<'GET'>]: ShapeOf<'GET', P>['answer'] extends { next: string | null } ? P : never;
}[PathOf<'GET'>];
type RowOf<Answer> = { [K in keyof Answer]: Answer[K] extends readonly (infer Row)[] ? Row : never }[keyof Answer];
/** Routes that answer line by line when they are asked to. */
export type LinesPath<M extends Method> = {
  [P in PathOf<M>]: ShapeOf<M, P>['lines'] extends undefined ? never : P;
}[PathOf<M>];

/** What the hub said against a call. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable, for programs: the end of the problem's type, such as `unknown-tenant`. */
  readonly code: string;
  readonly problem: Problem;
  /** Seconds after which it is worth trying again; null where the hub does not say. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.type.split(':').at(-1) ?? '';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export interface ClientOptions {
  /** Where the hub is, without a final slash; '' in a page that comes from it. */
  url: string;
  /** An API key; without one a browser sends its session. */
  key?: string;
  fetch?: typeof fetch;
}

export interface Client {
  /** Calls a route. Rejects with an ApiProblem when the hub refuses, with a TypeError when it cannot be reached. */
  call<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...options: Options<ShapeOf<M, P>>
  ): Promise<ShapeOf<M, P>['answer']>;
  /** The entries of a list, page after page as they are asked for. */
  list<P extends ListPath>(
    path: P,
    ...options: Options<ShapeOf<'GET', P>>
  ): AsyncGenerator<RowOf<ShapeOf<'GET', P>['answer']>, void, undefined>;
  /** The lines of an answer in NDJSON as they come. Leaving the loop ends the call. */
  lines<M extends Method, P extends LinesPath<M>>(
    method: M,
    path: P,
    ...options: Options<ShapeOf<M, P>>
  ): AsyncGenerator<ShapeOf<M, P>['lines'], void, undefined>;
}

interface LooseOptions {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

const NDJSON = 'application/x-ndjson';

/** A client of a hub's API with the types of its OpenAPI document. */
export function createClient({ url, key, fetch: send = fetch }: ClientOptions): Client {
  async function ask(method: string, path: string, options: LooseOptions, accept: string): Promise<Response> {
    const { body, idempotencyKey, signal } = options;
    const json = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
    const answer = await send(`${url}${pathWith(path, options.params)}${searchOf(options.query)}`, {
      method,
      headers: {
        accept,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(json ? { 'content-type': 'application/json' } : {}),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as string | Uint8Array<ArrayBuffer>) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }

  async function call(method: string, path: string, options: LooseOptions = {}): Promise<unknown> {
    const answer = await ask(method, path, options, 'application/json');
    const text = await answer.text();
    if (text === '') return undefined;
    const type = answer.headers.get('content-type') ?? '';
    if (type.startsWith('text/html')) throw new TypeError(`there is no hub’s API at ${url}: it answers with a page`);
    return /json/.test(type) ? (JSON.parse(text) as unknown) : text;
  }

  const client = {
    call,
    async *list(path: string, options: LooseOptions = {}) {
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? options.query : { ...options.query, cursor };
        const page = (await call('GET', path, { ...options, query })) as { next: string | null };
        yield* Object.values(page).find(Array.isArray) ?? [];
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
    },
    async *lines(method: string, path: string, options: LooseOptions = {}) {
      const answer = await ask(method, path, options, NDJSON);
      if (answer.body !== null) yield* linesOf(answer.body);
    },
  };
  // What the types promise is what the document says; nothing of it is known at run time.
  return client as unknown as Client;
}

function pathWith(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

/** Lists as a parameter that is repeated; what is undefined is left out. */
function searchOf(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) search.append(name, String(item));
  }
  return search.size === 0 ? '' : `?${search}`;
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const text = await answer.text();
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  const isProblem = answer.headers.get('content-type')?.startsWith(PROBLEM_TYPE) === true;
  // Something else than the hub, such as a proxy before it, says so in its own way.
  const problem = isProblem
    ? (JSON.parse(text) as Problem)
    : { type: 'about:blank', title: answer.statusText, status: answer.status, detail: text.slice(0, 500) };
  return new ApiProblem(problem, Number.isNaN(seconds) ? null : seconds);
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line !== '') yield JSON.parse(line) as unknown;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
