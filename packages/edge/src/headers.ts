/** Headers that go along unless told otherwise: what tells browsers from programs, and nothing that names a person. */
export const DEFAULT_HEADERS: readonly string[] = [
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-encoding',
  'content-type',
  'dnt',
  'origin',
  'pragma',
  'range',
  'referer',
  'save-data',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'sec-gpc',
  'sec-purpose',
  'te',
  'traceparent',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'via',
  'x-requested-with',
];

// Credentials, and headers that hold addresses: the client's goes along by its own rules, once.
const NEVER =
  /^(?:cookie2?|set-cookie2?|.*authorization.*|.*(?:api-?key|token|secret|password|session|csrf|xsrf|jwt|signature|credential).*|x-forwarded-for|x-forwarded|forwarded|forwarded-for|x-real-ip|x-client-ip|x-cluster-client-ip|cf-connecting-ip(?:v6)?|true-client-ip|fastly-client-ip|x-original-forwarded-for|from)$/;

const SPECIAL: ReadonlySet<string> = new Set<HeaderUse>(['user-agent', 'referer', 'traceparent']);

/** What is done with a header. */
export type HeaderUse = 'keep' | 'traceparent' | 'host' | 'user-agent' | 'referer' | 'forwarded' | 'cookie' | 'none';

/**
 * Tells, by a header's name as it was sent, what is done with it. Throws a TypeError when `headers` lists one that must
 * not leave. Of cookies the choice about consent is read, where `consent` says so. Spellings are remembered, up to a bound, because every client of a kind spells alike.
 */
export function headerUses(
  headers: readonly string[],
  forwarded: string | null,
  consent = false,
): (name: string) => HeaderUse {
  const uses = new Map<string, HeaderUse>();
  for (const header of headers) {
    const name = header.toLowerCase();
    if (NEVER.test(name)) throw new TypeError(`headers: "${header}" holds credentials or addresses; it is never sent`);
    uses.set(name, SPECIAL.has(name) ? (name as HeaderUse) : 'keep');
  }
  // What a person asks for goes along whatever is listed: without it too much would be kept.
  for (const name of ['sec-gpc', 'dnt']) uses.set(name, 'keep');
  uses.set('host', 'host');
  uses.set(':authority', 'host');
  if (consent) uses.set('cookie', 'cookie');
  if (forwarded !== null) uses.set(forwarded, 'forwarded');
  const spelt = new Map<string, HeaderUse>();
  return (name) => {
    let use = spelt.get(name);
    if (use === undefined) {
      use = uses.get(name.toLowerCase()) ?? 'none';
      if (spelt.size < 1000) spelt.set(name, use);
    }
    return use;
  };
}
