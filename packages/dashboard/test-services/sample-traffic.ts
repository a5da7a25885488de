import type { FakeRequest } from './fake-traffic.ts';

/** A small generator of its own, so that the same seed gives the same traffic everywhere. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const NETWORKS = {
  people: [
    ['Deutsche Telekom AG', 'residential', 3320],
    ['Comcast Cable Communications, LLC', 'residential', 7922],
    ['Orange S.A.', 'residential', 3215],
    ['Vodafone Ltd', 'mobile', 5378],
    ['Universität Example', 'education', 64496],
  ],
  bots: [
    ['Google LLC', 'hosting', 15169],
    ['Amazon.com, Inc.', 'hosting', 16509],
    ['Microsoft Corporation', 'hosting', 8075],
  ],
  hosting: [
    ['Amazon.com, Inc.', 'hosting', 16509],
    ['Hetzner Online GmbH', 'hosting', 24940],
    ['OVH SAS', 'hosting', 16276],
    ['DigitalOcean, LLC', 'hosting', 14061],
  ],
} as const;
const COUNTRIES = {
  people: [
    'DE',
    'DE',
    'DE',
    'US',
    'US',
    'FR',
    'GB',
    'AT',
    'CH',
    'NL',
    'PL',
    'IT',
    'ES',
    'SE',
    'BR',
    'IN',
    'JP',
    'AU',
    'CA',
    '',
  ],
  bots: ['US', 'US', 'US', 'IE', 'SG', 'CN', 'RU'],
  hosting: ['US', 'DE', 'FR', 'SG', 'NL', 'HK', 'FI', 'VN', 'CN'],
} as const;
const PATHS = [
  '/',
  '/',
  '/',
  '/products',
  '/products/lantern',
  '/blog/a-sentry-ahead-of-the-outposts',
  '/api/v1/items',
  '/login',
  '/about',
  '/search',
  '/assets/app.css',
  '/robots.txt',
  '/feed.xml',
  '/wp-login.php',
  '/.env',
];
const BOTS = [
  ['Googlebot', 'search'],
  ['bingbot', 'search'],
  ['GPTBot', 'ai'],
  ['ClaudeBot', 'ai'],
  ['UptimeRobot', 'monitor'],
  ['AhrefsBot', 'seo'],
  ['curl', 'library'],
] as const;

/** Traffic of the days before `end`, densest at the end of the European day. */
export function sampleTraffic(count: number, days: number, end: number, seed = 7): FakeRequest[] {
  const next = random(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  const requests: FakeRequest[] = [];
  while (requests.length < count) {
    const time = end - Math.floor(next() * days * 86_400_000);
    const hour = new Date(time).getUTCHours();
    const kind = next() < 0.58 ? 'people' : next() < 0.62 ? 'bots' : 'hosting';
    if (kind === 'people' && next() > 0.25 + 0.75 * Math.sin((Math.max(0, hour - 5) / 19) * Math.PI)) continue;
    const [network, networkKind, asn] = pick<readonly [string, string, number]>(NETWORKS[kind]);
    const bot = kind === 'bots' ? pick(BOTS) : (['', ''] as const);
    const path = kind === 'people' ? pick(PATHS.slice(0, 11)) : pick(PATHS);
    const roll = next();
    requests.push({
      time,
      client: `c${Math.floor(next() * count * 0.2)}`,
      class: kind,
      bot: String(kind === 'bots'),
      bot_name: bot[0],
      bot_kind: bot[1],
      country: pick<string>(COUNTRIES[kind]),
      region: pick(['', 'Bavaria', 'California', 'Île-de-France']),
      city: pick(['', 'Munich', 'San Jose', 'Paris']),
      network,
      network_kind: networkKind,
      asn,
      domain: pick(['www.example.org', 'www.example.org', 'shop.example.org', 'api.example.org']),
      method: roll < 0.9 ? 'GET' : roll < 0.97 ? 'POST' : 'HEAD',
      path,
      status:
        path.startsWith('/wp') || path === '/.env'
          ? 404
          : roll < 0.88
            ? 200
            : roll < 0.93
              ? 304
              : roll < 0.96
                ? 301
                : roll < 0.985
                  ? 403
                  : 502,
      referrer: pick([
        '',
        '',
        '',
        'https://www.google.com/',
        'https://news.example.com/item?id=1',
        'https://duckduckgo.com/',
      ]),
      browser: kind === 'people' ? pick(['Chrome', 'Chrome', 'Safari', 'Firefox', 'Edge']) : bot[0],
      os: kind === 'people' ? pick(['Windows', 'iOS', 'Android', 'macOS', 'Linux']) : '',
      device: kind === 'people' ? pick(['Desktop', 'Mobile', 'Mobile', 'Tablet']) : kind === 'bots' ? 'Bot' : '',
      origin: next() < 0.04 ? 'self' : 'import',
      bytes_out: Math.floor(400 + next() * 40_000),
      duration_ms: Math.round((3 + next() ** 4 * 900) * 1000) / 1000,
    });
  }
  return requests;
}
