import type { Problem as ProblemBody } from '@vedette/contract';
import { tellReached } from '../state/reach.ts';
import { text } from '../text.ts';

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

  /** `status` 0: the hub did not answer. */
  constructor(status: number, title: string, detail: string, errors: readonly ParameterError[] = []) {
    super(title);
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }
}

/** The problem in an answer's body, or one made up from the status when there is none. */
export function toProblem(status: number, body: string): Problem {
  try {
    const { title, detail, errors } = JSON.parse(body) as { title?: unknown; detail?: unknown; errors?: unknown };
    if (typeof title === 'string') {
      return new Problem(status, title, typeof detail === 'string' ? detail : '', Array.isArray(errors) ? errors : []);
    }
  } catch {
    // Not JSON: a proxy's page, say. The status has to do.
  }
  return new Problem(status, text.error.status(status), '');
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
    if (init.signal?.aborted === true) throw error;
    tellReached(false);
    throw new Problem(0, text.error.network, '');
  }
  tellReached(!AWAY.includes(answer.status));
  if (!answer.ok) throw toProblem(answer.status, await body.text());
  return { answer, body };
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

function sending(method: 'POST' | 'PUT', body: unknown, signal?: AbortSignal): RequestInit {
  return {
    method,
    credentials: 'same-origin',
    headers: { ...ACCEPT, 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
    signal: signal ?? null,
  };
}

/** Sends JSON to the hub and reads the JSON it answers. Throws a Problem for any other answer than success. */
export async function sendJson<T>(
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return readJson(await exchange(path, sending(method, body, signal)));
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

/** What to show of any error. */
export function describeError(error: unknown): { title: string; detail: string } {
  if (error instanceof Problem) return { title: error.message, detail: error.detail };
  return { title: error instanceof Error ? error.message : String(error), detail: '' };
}
