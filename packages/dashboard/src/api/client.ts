import type { Problem as ProblemBody } from '@vedette/contract';
import { tellReached } from '../state/reach.ts';
import { english, text } from '../text.ts';

/** A parameter that the hub refused. */
export type ParameterError = NonNullable<ProblemBody['errors']>[number];

/** What a proxy answers in place of a hub that is away. */
const AWAY = [502, 504];

/** A refusal or failure of the hub, with what it says of it (RFC 9457). */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly ParameterError[];
  /** What was wrong, stable and in kebab-case: the end of its `type`. Empty for what is no problem of the hub. */
  readonly code: string;
  /** Seconds after which the hub says it is worth trying again; null: it does not say. */
  readonly waitSeconds: number | null;

  /** `status` 0: the hub did not answer. */
  constructor(
    status: number,
    title: string,
    detail: string,
    more: { errors?: readonly ParameterError[]; code?: string; waitSeconds?: number | null } = {},
  ) {
    super(title);
    this.status = status;
    this.detail = detail;
    this.errors = more.errors ?? [];
    this.code = more.code ?? '';
    this.waitSeconds = more.waitSeconds ?? null;
  }
}

/** The problem in an answer's body, or one made up from the status when there is none; and what Retry-After says. */
export function toProblem(status: number, body: string, retryAfter: string | null = null): Problem {
  const waitSeconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : null;
  try {
    const { type, title, detail, errors } = JSON.parse(body) as Partial<Record<keyof ProblemBody, unknown>>;
    if (typeof title === 'string') {
      const code = /^urn:vedette:problem:([a-z0-9-]+)$/.exec(String(type))?.[1] ?? '';
      const told = typeof detail === 'string' ? detail : '';
      return new Problem(status, title, told, { errors: Array.isArray(errors) ? errors : [], code, waitSeconds });
    }
  } catch {
    // Not JSON: a proxy's page, say. The status has to do.
  }
  return new Problem(status, text.error.status(status), '', { waitSeconds });
}

const ACCEPT = { accept: 'application/json' };

/** Asks, and reads the whole answer; throws a Problem for any other than success. */
async function exchange(path: string, init: RequestInit): Promise<{ answer: Response; body: Blob }> {
  let answer: Response;
  let body: Blob;
  try {
    answer = await fetch(path, init);
    body = await answer.blob();
  } catch (error) {
    return failed(error, init);
  }
  tellReached(!AWAY.includes(answer.status));
  if (!answer.ok) throw toProblem(answer.status, await body.text(), answer.headers.get('retry-after'));
  return { answer, body };
}

/** Throws what it means that there was no answer. */
function failed(error: unknown, { signal }: RequestInit): never {
  if (signal?.aborted === true) throw error;
  tellReached(false);
  throw new Problem(0, text.error.network, '');
}

/**
 * Asks the hub for an answer that goes on, such as events as they happen. Throws a Problem for any other answer than
 * success; what breaks off later is an error of the stream.
 */
export async function getStream(
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const init: RequestInit = { headers, credentials: 'same-origin', cache: 'no-store', signal };
  const answer = await fetch(path, init).catch((error: unknown) => failed(error, init));
  tellReached(!AWAY.includes(answer.status));
  if (answer.ok && answer.body !== null) return answer.body;
  throw toProblem(answer.status, await answer.text(), answer.headers.get('retry-after'));
}

async function readJson<T>({ answer, body }: { answer: Response; body: Blob }): Promise<T> {
  try {
    return JSON.parse(await body.text()) as T;
  } catch {
    throw new Problem(answer.status, text.error.unreadable, '');
  }
}

/**
 * Asks the hub for JSON, as the person whose session cookie the browser holds, or as the holder of `key`.
 * Throws a Problem for any other answer than success.
 */
export async function getJson<T>(path: string, signal?: AbortSignal, key?: string): Promise<T> {
  const as: RequestInit =
    key === undefined
      ? { headers: ACCEPT, credentials: 'same-origin' }
      : { headers: { ...ACCEPT, authorization: `Bearer ${key}` }, credentials: 'omit' };
  return readJson(await exchange(path, { ...as, signal: signal ?? null }));
}

type Sending = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function sending(method: Sending, body: unknown, signal?: AbortSignal): RequestInit {
  return {
    method,
    credentials: 'same-origin',
    headers: { ...ACCEPT, 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
    signal: signal ?? null,
  };
}

/** Sends JSON to the hub and reads the JSON it answers. Throws a Problem for any other answer than success. */
export async function sendJson<T>(method: Sending, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return readJson(await exchange(path, sending(method, body, signal)));
}

/** Sends JSON to the hub, which has nothing to answer but that it is done. Throws a Problem for any other answer. */
export async function sendOnly(method: Sending, path: string, body: unknown = {}): Promise<void> {
  await exchange(path, sending(method, body));
}

/** Has the hub take something away. Throws a Problem for any other answer than success. */
export async function sendDelete(path: string): Promise<void> {
  await exchange(path, { method: 'DELETE', credentials: 'same-origin', headers: ACCEPT });
}

/** Asks by POST for a file, whatever is in it. Throws a Problem for any other answer than success. */
export async function postForFile(path: string, body: unknown): Promise<Blob> {
  return (await exchange(path, { ...sending('POST', body), headers: { 'content-type': 'application/json' } })).body;
}

/** true when the hub did not answer at all, so that whatever else is asked would say the same. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || AWAY.includes(error.status));
}

/** What the hub says of filters it cannot apply, by their places among those asked with; null for any other error. */
export function wrongFilters(error: unknown): readonly ParameterError[] | null {
  if (!(error instanceof Problem) || error.status !== 400 || error.errors.length === 0) return null;
  return error.errors.every(({ name }) => name === 'where') ? error.errors : null;
}

/** What to show of an error; `lang` is the language of the detail where it is not the page's. */
export interface ErrorWords {
  title: string;
  detail: string;
  lang?: 'en';
}

/**
 * What to show of any error: the word that the language in force has for its code, or else what its status means and the
 * hub's own sentence, which is English.
 */
export function describeError(error: unknown): ErrorWords {
  if (!(error instanceof Problem)) return { title: error instanceof Error ? error.message : String(error), detail: '' };
  const { status, code, message, detail } = error;
  // Whatever the language was when it was asked.
  if (status === 0) return { title: text.error.network, detail: '' };
  const word = Object.hasOwn(text.problems, code) ? text.problems[code] : undefined;
  if (word !== undefined) return { title: word, detail: '' };
  // In English the hub's title says the same; what this page itself says of a failure has no code.
  if (text === english || code === '') return { title: message, detail };
  return { title: text.reasons[status] ?? text.status[String(status).charAt(0)] ?? message, detail, lang: 'en' };
}
