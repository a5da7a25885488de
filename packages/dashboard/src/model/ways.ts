import { text } from '../text.ts';

/** The ways to connect a source, in the groups they are offered in. */
export const WAY_GROUPS = [
  { group: 'app', ways: ['express', 'fastify', 'koa', 'hono', 'node'] },
  { group: 'server', ways: ['nginx', 'haproxy', 'caddy', 'traefik'] },
  { group: 'agent', ways: ['vector', 'fluent-bit', 'opentelemetry'] },
  { group: 'hand', ways: ['curl', 'file'] },
  { group: 'page', ways: ['page'] },
] as const;

/** `page`: the script in the pages of a site, which tells what people do there; all others send requests. */
export type Way = (typeof WAY_GROUPS)[number]['ways'][number];
export type RequestWay = Exclude<Way, 'page'>;
const ALL: readonly Way[] = WAY_GROUPS.flatMap(({ ways }) => ways);
export const WAYS: readonly RequestWay[] = ALL.filter((way) => way !== 'page');

/** The way that an address asks for; the first when it names none that is known. */
export function parseWay(search: string): Way {
  const named = new URLSearchParams(search).get('way');
  return ALL.find((way) => way === named) ?? 'express';
}

export function wayLabel(way: Way): string {
  return text.firstSteps.ways[way];
}

/** What a person typed as the hub’s address, as an origin: scheme, host and port. undefined when it is none. */
export function parseOrigin(typed: string): string | undefined {
  const written = typed.trim();
  const address = /^[a-z]+:\/\//i.test(written) ? written : `http://${written}`;
  if (written === '' || !URL.canParse(address)) return undefined;
  const { protocol, hostname, origin } = new URL(address);
  // It goes into snippets, where a quote would end the string: hosts have none, though URLs may.
  if (!/^([a-z0-9._-]+|\[[0-9a-f:.]+\])$/i.test(hostname)) return undefined;
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined;
}

/** Whether only the machine itself can reach that origin. */
export function isLoopback(origin: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/i.test(new URL(origin).hostname);
}

/** What a person typed as their site, as a host, with its port where it has one; undefined when it is none. */
export function parseHost(typed: string): string | undefined {
  const written = typed.trim().toLowerCase();
  const address = /^[a-z]+:\/\//.test(written) ? written : `https://${written}`;
  if (written === '' || !URL.canParse(address)) return undefined;
  const { hostname, host } = new URL(address);
  return /^[a-z0-9._-]+$|^\[[0-9a-f:.]+\]$/.test(hostname) ? host : undefined;
}

/** The key in what was pasted (a whole line of the terminal, say); '' when there is none. */
export function findKey(pasted: string): string {
  return /\bvdt_[A-Za-z0-9_-]+/.exec(pasted)?.[0] ?? '';
}
