import type { GuardedClient } from './guarded-client.ts';

/** What libraries hand to a `fetch`; of the Fetch API, as much as they use. */
export interface FetchInit {
  method?: string | undefined;
  headers?: Headers | Record<string, string> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * The guarded client in the shape of `fetch`, for libraries that take one: GET, and POST of text or a form. Rejects with
 * the client's faults. Redirects are the client's affair: give it `maxRedirects: 0` where they must not be followed.
 */
export function guardedFetch(
  client: Pick<GuardedClient, 'get' | 'post'>,
): (url: string, init?: FetchInit) => Promise<Response> {
  return async (url, init = {}) => {
    const { method = 'GET', body, signal } = init;
    const options = { headers: Object.fromEntries(new Headers(init.headers).entries()), signal };
    const answer = await (method === 'GET'
      ? client.get(url, options)
      : client.post(url, { ...options, body: textOf(method, body) }));
    const headers = new Headers(answer.headers);
    // The body is unpacked already.
    headers.delete('content-encoding');
    headers.delete('content-length');
    const empty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    return new Response(empty ? null : new Uint8Array(answer.body), { status: answer.status, headers });
  };
}

function textOf(method: string, body: unknown): string {
  if (method !== 'POST') throw new TypeError(`a ${method} is not made by this fetch`);
  if (body === undefined || body === null) return '';
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('this fetch sends text and forms only');
}
