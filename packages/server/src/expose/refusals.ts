import type { RouteSpec } from './route.ts';

/** What a route can refuse with one status. */
export interface Refused {
  description: string;
  codes: readonly string[];
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'Wrong usage; errors names what is wrong',
  401: 'No credential, or one that is not in force',
  403: 'Not allowed',
  404: 'There is no such thing',
  409: 'It does not go together with what is there',
  413: 'The body is too large',
  415: 'The body has another media type, encoding or charset',
  421: 'The hub listens on its own machine only, and is not known by that name',
  422: 'It cannot be as it is written',
  429: 'Too many calls',
  431: 'The head of the call is larger than 16 KiB',
  500: 'A fault of the hub; its log says which',
  503: 'Not at the moment: try again after Retry-After seconds',
};
/** Of any route that asks an engine. */
const AWAY = ['overloaded', 'stopping', 'store-unreachable', 'disk-full', 'disk-low', 'no-day-key'];
/** Headers that come with a refusal, with what they say. */
const HEADERS: Record<number, Record<string, string>> = {
  401: { 'WWW-Authenticate': 'Bearer: which credential is asked for.' },
  429: { 'Retry-After': 'Seconds until the next call is taken.' },
  503: { 'Retry-After': 'Seconds after which it is worth trying again.' },
};

/**
 * Every refusal of a route by status: its own, and those that all routes like it can give. A code stands in a
 * problem's type: urn:vedette:problem:<code>.
 */
export function refusalsOf(spec: RouteSpec): Map<number, Refused> {
  const found = new Map<number, Set<string>>();
  const add = (status: number, ...codes: string[]) => {
    const known = found.get(status) ?? new Set();
    for (const code of codes) known.add(code);
    found.set(status, known);
  };
  for (const [status, { codes = [] }] of Object.entries(spec.answers)) {
    if (Number(status) >= 400) add(Number(status), ...codes);
  }
  if (takesParameters(spec)) add(400, 'invalid');
  add(431, 'unreadable');
  if ('cursor' in (spec.query?.properties ?? {})) add(400, 'bad-cursor');
  if (isParsed(spec)) {
    add(400, 'invalid', 'bad-json', 'bad-content-length');
    add(413, 'too-large');
    add(415, 'unsupported-media-type');
  }
  if (spec.access !== 'public') {
    add(401, 'unauthorised');
    if (spec.pending !== true) add(401, 'second-factor');
    if (spec.access === 'account') add(403, 'no-account');
    else add(403, 'forbidden');
    if (spec.access !== 'account') add(403, 'second-factor-required');
    if (spec.access !== 'account' && spec.access !== 'operate') add(403, 'tenant-suspended', 'no-tenant');
    if (spec.method !== 'GET') add(403, 'foreign-origin');
    if (hasTenant(spec)) add(404, 'unknown-tenant');
  }
  if (spec.creates !== undefined) {
    add(400, 'bad-idempotency-key');
    add(409, 'in-progress', ...(spec.creates === 'secret' ? ['shown-once'] : []));
    add(422, 'idempotency-key-reused');
  }
  add(421, 'foreign-host');
  add(429, 'rate-limited');
  add(500, 'internal');
  add(503, ...AWAY);
  return new Map(
    [...found]
      .sort(([a], [b]) => a - b)
      .map(([status, codes]) => {
        const description = spec.answers[status]?.description ?? DESCRIPTIONS[status] ?? 'It is refused';
        return [status, { description, codes: [...codes].sort() }];
      }),
  );
}

/** Headers of a refusal, with what they say. */
export function refusalHeaders(status: number): Record<string, string> {
  return HEADERS[status] ?? {};
}

function takesParameters({ query, params }: RouteSpec): boolean {
  return query !== undefined || params !== undefined;
}

function hasTenant({ query }: RouteSpec): boolean {
  return query !== undefined && 'tenant' in query.properties;
}

/** Whether the body is JSON that is parsed before the route sees it; others read theirs themselves. */
function isParsed({ body }: RouteSpec): boolean {
  return (
    body !== undefined && body.also === undefined && body.types.length === 1 && body.types[0] === 'application/json'
  );
}
