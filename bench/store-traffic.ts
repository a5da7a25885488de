import type { Agent, Network, NetworkKind, Place } from '../packages/server/src/model/enrichment.ts';
import { emptyRequest } from '../packages/server/src/model/request.ts';
import type { ClientKeys, StoredRequest } from '../packages/server/src/model/stored-request.ts';
import { createIdSequence } from '../packages/server/src/model/uuid.ts';

/** What the generated traffic looks like as a whole. */
export interface TrafficPlan {
  rows: number;
  /** Days the rows are spread over, evenly, with the ups and downs of day and night. */
  days: number;
  /** First day, days since the epoch. */
  firstDay: number;
  tenants: readonly string[];
  domainsPerTenant: number;
  seed: number;
}

const DAY_MS = 86_400_000;
const WORDS =
  'about account admin api app article assets auth basket blog cart catalog category checkout contact css data delivery docs download event faq feed files fonts forum gallery guide help home image images index info item js legal list login logo main media menu news offer order page partner photo post press price privacy product profile promo public receipt recipe register return review search service shop sitemap size sport static status store style support tag team terms theme topic track user video view web widget'.split(
    ' ',
  );
const COUNTRIES =
  'US DE GB FR NL IN CN BR CA AU PL IT ES SE CH AT BE JP KR SG RU UA TR ID VN MX AR ZA NG KE EG IL AE SA PT CZ RO HU DK NO FI IE GR BG HR SK SI LT LV EE'.split(
    ' ',
  );
const KINDS: readonly NetworkKind[] = ['residential', 'mobile', 'business', 'hosting', 'education', 'unknown'];

/** A small fast generator (mulberry32), so that a seed gives the same traffic everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Site {
  tenantId: string;
  domain: string;
  pages: string[];
  /** Response size of a page's markup. */
  pageBytes: number[];
  assets: string[];
  assetBytes: number[];
  slow: number;
}

interface Client {
  place: Place;
  network: Network;
  agent: Agent;
  userAgent: string;
  /** Stable per address; the day is mixed in for the client key. */
  address: number;
}

/**
 * Requests as a platform with many small sites sees them, day by day in order of arrival. Four kinds of visits: people
 * (a landing page, its assets, some more pages within minutes, 78 % of requests), crawlers (single pages all day from
 * few addresses, 14 %), monitors (the front page every minute, 4 %), and scanners from hosting networks (bursts of
 * paths that are not there, 4 %). Sites, pages, networks, places and user agents follow Zipf's law; durations are
 * log-normal at microsecond resolution, assets have a fixed size, pages a varying one. 86 % of people have made no
 * choice about cookies, 9 % granted (visitor id, full referrer), 5 % refused (counted only). Every request came alone
 * and a few ms after its time, so that ids and times are as incompressible as live ones are.
 */
export function* generateTraffic(plan: TrafficPlan): Generator<StoredRequest[]> {
  const random = randomFrom(plan.seed);
  const world = createWorld(plan, random);
  const ids = createIdSequence();
  let left = plan.rows;
  for (let day = 0; day < plan.days && left > 0; day += 1) {
    const wanted = Math.min(left, Math.ceil(left / (plan.days - day)));
    const rows: StoredRequest[] = [];
    while (rows.length < wanted) visit(world, (plan.firstDay + day) * DAY_MS, rows, random);
    rows.length = wanted;
    rows.sort((a, b) => a.request.time - b.request.time);
    for (const row of rows) {
      row.received = row.request.time + 1 + Math.floor(random() * random() * 40);
      row.expiresOn = Math.floor(row.received / DAY_MS) + (row.consent === 'granted' ? 396 : 30);
    }
    rows.sort((a, b) => a.received - b.received);
    for (const row of rows) row.id = ids.next(row.received);
    left -= rows.length;
    yield rows;
  }
}

interface World {
  sites: Site[];
  people: { userAgent: string; agent: Agent }[];
  bots: { userAgent: string; agent: Agent }[];
  networks: Network[];
  hosting: Network[];
  places: Place[];
  queries: string[];
}

function createWorld(plan: TrafficPlan, random: () => number): World {
  const word = () => WORDS[Math.floor(random() * WORDS.length)] as string;
  const networks: Network[] = [];
  for (let index = 0; index < 4000; index += 1) {
    const kind = KINDS[index % 17 === 0 ? 3 : zipf(random, KINDS.length)] as NetworkKind;
    const asOrg = `${word().toUpperCase()}-${word()}-${index} Networks`;
    networks.push(
      Object.freeze({ asn: 1000 + index * 16, asOrg, isp: '', kind, kindConfidence: 0.8, kindReason: 'generated' }),
    );
  }
  const places: Place[] = [];
  for (let index = 0; index < 6000; index += 1) {
    const country = COUNTRIES[zipf(random, COUNTRIES.length)] as string;
    places.push(Object.freeze({ country, region: `${country} Region ${index % 40}`, city: `${word()}ville ${index}` }));
  }
  const sites: Site[] = [];
  for (const tenantId of plan.tenants) {
    for (let index = 0; index < plan.domainsPerTenant; index += 1) {
      sites.push(createSite(tenantId, `${word()}-${word()}${sites.length}.example.com`, random, word));
    }
  }
  const queries = Array.from({ length: 3000 }, (_, index) =>
    index % 3 === 0
      ? `page=${index % 40}`
      : `utm_source=${word()}&utm_medium=${word()}&utm_campaign=${word()}_${index}&id=%5Bredacted%5D`,
  );
  return {
    sites,
    people: createBrowsers(random),
    bots: createBots(word),
    networks: networks.filter(({ kind }) => kind !== 'hosting'),
    hosting: networks.filter(({ kind }) => kind === 'hosting'),
    places,
    queries,
  };
}

function createSite(tenantId: string, domain: string, random: () => number, word: () => string): Site {
  const pages = ['/'];
  const count = 50 + Math.floor(random() * random() * 3000);
  for (let index = 1; index < count; index += 1) {
    pages.push(
      index % 4 === 0 ? `/${word()}/${Math.floor(random() * 100_000)}` : `/${word()}/${word()}-${word()}-${index}`,
    );
  }
  const assets: string[] = [];
  for (let index = 0; index < 60; index += 1) {
    const hash = Math.floor(random() * 0xffffffff).toString(16);
    assets.push(`/assets/${word()}-${hash}.${['js', 'css', 'png', 'webp', 'woff2', 'svg'][index % 6]}`);
  }
  return {
    tenantId,
    domain,
    pages,
    pageBytes: pages.map(() => 4000 + Math.floor(random() * 60_000)),
    assets,
    assetBytes: assets.map(() => 500 + Math.floor(random() * random() * 400_000)),
    slow: 0.5 + random() * 2,
  };
}

function createBrowsers(random: () => number): World['people'] {
  const systems = [
    ['Windows', 'Windows NT 10.0; Win64; x64', 'Desktop'],
    ['Android', 'Linux; Android 10; K', 'Mobile'],
    ['iOS', 'iPhone; CPU iPhone OS 18_5 like Mac OS X', 'Mobile'],
    ['Mac OS X', 'Macintosh; Intel Mac OS X 10_15_7', 'Desktop'],
    ['Linux', 'X11; Linux x86_64', 'Desktop'],
    ['iOS', 'iPad; CPU OS 17_6 like Mac OS X', 'Tablet'],
  ] as const;
  const made: World['people'] = [];
  for (let index = 0; index < 1500; index += 1) {
    const [osName, platform, deviceType] = systems[zipf(random, systems.length)] as (typeof systems)[number];
    const major = 143 - zipf(random, 40);
    const browserName = (['Chrome', 'Safari', 'Firefox', 'Edge', 'Samsung Internet'] as const)[zipf(random, 5)] ?? '';
    const detail = index % 3 === 0 ? `${major}.0.${Math.floor(random() * 7000)}.${index % 200}` : `${major}.0.0.0`;
    made.push({
      userAgent: `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) ${browserName}/${detail} Safari/537.36`,
      agent: Object.freeze({ deviceType, osName, browserName, isBot: false, botName: '', botKind: '' }),
    });
  }
  return made;
}

function createBots(word: () => string): World['bots'] {
  return Array.from({ length: 120 }, (_, index) => {
    const botName = `${word()}bot${index}`;
    const botKind = (['search', 'ai', 'monitor', 'seo', 'library', 'scanner'] as const)[index % 6] ?? 'other';
    return {
      userAgent: `Mozilla/5.0 (compatible; ${botName}/${index % 9}.1; +https://${botName}.example/about)`,
      agent: Object.freeze({ deviceType: 'Bot', osName: '', browserName: '', isBot: true, botName, botKind }),
    };
  });
}

function visit(world: World, dayStart: number, rows: StoredRequest[], random: () => number): void {
  const site = world.sites[zipf(random, world.sites.length)] as Site;
  const dice = random();
  // Visits of people are long, so their share of visits is smaller than their share of requests.
  if (dice < 0.27) return person(world, site, dayStart, rows, random);
  if (dice < 0.86) return crawler(world, site, dayStart, rows, random);
  if (dice < 0.98) return monitor(world, site, dayStart, rows, random);
  scanner(world, site, dayStart, rows, random);
}

function person(world: World, site: Site, dayStart: number, rows: StoredRequest[], random: () => number): void {
  const browser = world.people[zipf(random, world.people.length)] as World['people'][number];
  const client = clientOf(world.networks, world.places, browser, 1_500_000, random);
  const keys = keysOf(client.address, dayStart);
  const choice = random();
  const consent = choice < 0.86 ? 'unknown' : choice < 0.95 ? 'granted' : 'refused';
  const visitorId = consent === 'granted' ? hex(client.address, 32) : '';
  let time = dayStart + Math.floor((0.55 + (random() + random() + random() - 1.5) * 0.33) * (DAY_MS - 3_600_000));
  time = Math.max(dayStart, time);
  const landing = random() < 0.5 ? 'www.google.com' : '';
  const pages = 1 + Math.floor(random() * random() * 9);
  for (let page = 0; page < pages; page += 1) {
    const referrer = page === 0 ? landing : site.domain;
    const row = rowOf(site, client, keys, time, consent, visitorId);
    fillPage(row, world, site, random);
    row.request.referrer = referrer === '' ? '' : consent === 'granted' ? `https://${referrer}/` : referrer;
    rows.push(row);
    const assets = page === 0 ? 3 + Math.floor(random() * 12) : Math.floor(random() * 4);
    for (let index = 0; index < assets; index += 1) {
      const asset = rowOf(site, client, keys, time + 40 + Math.floor(random() * 900), consent, visitorId);
      const which = zipf(random, site.assets.length);
      asset.request.path = asset.request.route = site.assets[which] as string;
      asset.request.status = random() < 0.2 ? 304 : 200;
      asset.request.bytesOut = asset.request.status === 304 ? 0 : (site.assetBytes[which] as number);
      asset.request.durationUs = duration(900, random);
      asset.request.referrer = consent === 'granted' ? `https://${site.domain}/` : site.domain;
      rows.push(asset);
    }
    time += 5000 + Math.floor(random() * random() * 120_000);
  }
}

function crawler(world: World, site: Site, dayStart: number, rows: StoredRequest[], random: () => number): void {
  const bot = world.bots[zipf(random, world.bots.length)] as World['bots'][number];
  const client = clientOf(world.hosting, world.places, bot, 3000, random);
  const row = rowOf(site, client, keysOf(client.address, dayStart), dayStart + random() * DAY_MS, 'unknown', '');
  fillPage(row, world, site, random);
  rows.push(row);
}

function monitor(world: World, site: Site, dayStart: number, rows: StoredRequest[], random: () => number): void {
  const bot = world.bots[2] as World['bots'][number];
  const client = clientOf(world.hosting, world.places, bot, 40, random);
  const row = rowOf(site, client, keysOf(client.address, dayStart), dayStart + random() * DAY_MS, 'unknown', '');
  row.request.method = 'HEAD';
  row.request.path = row.request.route = '/';
  row.request.durationUs = duration(20_000 * site.slow, random);
  row.request.bytesOut = 0;
  rows.push(row);
}

function scanner(world: World, site: Site, dayStart: number, rows: StoredRequest[], random: () => number): void {
  const browser = world.people[zipf(random, world.people.length)] as World['people'][number];
  const client = clientOf(world.hosting, world.places, browser, 20_000, random);
  const keys = keysOf(client.address, dayStart);
  let time = dayStart + random() * (DAY_MS - 600_000);
  const count = 1 + Math.floor(random() * 8);
  for (let index = 0; index < count; index += 1) {
    const row = rowOf(site, client, keys, time, 'unknown', '');
    row.request.path =
      row.request.route = `/${WORDS[zipf(random, WORDS.length)]}/${['.env', 'wp-login.php', 'config.php', '.git/config', 'shell.php'][Math.floor(random() * 5)]}`;
    row.request.status = random() < 0.05 ? 500 : 404;
    row.request.bytesOut = 162;
    row.request.durationUs = duration(3000, random);
    rows.push(row);
    time += 100 + random() * 2000;
  }
}

function fillPage(row: StoredRequest, world: World, site: Site, random: () => number): void {
  const { request } = row;
  const which = zipf(random, site.pages.length);
  request.path = site.pages[which] as string;
  request.route = request.path.replace(/\/\d+$/, '/{id}');
  if (random() < 0.12) request.query = world.queries[zipf(random, world.queries.length)] as string;
  const dice = random();
  request.status = dice < 0.93 ? 200 : dice < 0.96 ? 301 : dice < 0.99 ? 404 : 503;
  if (random() < 0.03) {
    request.method = 'POST';
    request.bytesIn = Math.floor(random() * 4000);
  }
  request.bytesOut = (site.pageBytes[which] as number) + Math.floor(random() * 300);
  request.durationUs = duration(60_000 * site.slow, random);
}

function rowOf(
  site: Site,
  client: Client,
  keys: ClientKeys,
  time: number,
  consent: StoredRequest['consent'],
  visitorId: string,
): StoredRequest {
  const kept = consent !== 'refused' || client.agent.isBot || client.network.kind === 'hosting';
  return {
    id: '',
    tenantId: site.tenantId,
    domain: site.domain,
    request: {
      ...emptyRequest(Math.floor(time)),
      host: site.domain,
      method: 'GET',
      status: 200,
      protocol: client.agent.isBot ? 'HTTP/1.1' : 'HTTP/2.0',
      userAgent: client.userAgent,
      bytesIn: 0,
      headers: null,
    },
    received: 0,
    expiresOn: 0,
    kept,
    consent,
    visitorId,
    keys,
    place: client.place,
    network: client.network,
    agent: client.agent,
    botVerified: false,
    threatScore: null,
    threatSources: [],
    attackScore: null,
    attackRules: [],
    origin: 'edge',
  };
}

function clientOf(
  networks: readonly Network[],
  places: readonly Place[],
  software: { userAgent: string; agent: Agent },
  population: number,
  random: () => number,
): Client {
  const address = Math.floor(random() * population);
  const spread = randomFrom(address);
  return {
    address: address + population * 7,
    network: networks[zipf(spread, networks.length)] as Network,
    place: places[zipf(spread, places.length)] as Place,
    ...software,
  };
}

const keyCache = new Map<number, ClientKeys>();
let keyCacheDay = -1;

/** Stands for the keyed hash: 64 bits that nothing compresses, the same for an address all day. */
function keysOf(address: number, dayStart: number): ClientKeys {
  const day = Math.floor(dayStart / DAY_MS);
  if (day !== keyCacheDay) {
    keyCacheDay = day;
    keyCache.clear();
  }
  let keys = keyCache.get(address);
  if (keys === undefined) {
    const net = Math.floor(address / 3);
    keys = Object.freeze({ client: hash64(address, day), net: hash64(net, day + 7919), site: '0', day });
    keyCache.set(address, keys);
  }
  return keys;
}

function hash64(value: number, salt: number): string {
  const random = randomFrom(Math.imul(value, 2_654_435_761) ^ Math.imul(salt, 40_503));
  return (
    (BigInt(Math.floor(random() * 4_294_967_296)) << 32n) |
    BigInt(Math.floor(random() * 4_294_967_296))
  ).toString();
}

function hex(value: number, length: number): string {
  const random = randomFrom(value);
  let text = '';
  while (text.length < length)
    text += Math.floor(random() * 0xffffffff)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}

/** Microseconds, log-normal around a median. */
function duration(median: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(1, Math.round(median * Math.exp(normal * 0.8)));
}

/** An index below `size`, the n-th about 1/n as likely as the first. */
function zipf(random: () => number, size: number): number {
  return Math.min(size - 1, Math.floor(size ** random()) - 1 + 0);
}
