// What consent costs a request: at the edge, finding the choice in the Cookie header, and what that adds to reading and
// writing a whole request; in the hub, looking up the tenant's policy and deciding what is kept. Every request has a
// cookie of its own among ten others, so that nothing is answered from what was read before. Bound: 2 µs together.
// Options: --requests 200000 --rounds 15
import { parseArgs } from 'node:util';
import { proxyTrust } from '../packages/edge/src/client-address.ts';
import { readConsent } from '../packages/edge/src/consent.ts';
import { createReader } from '../packages/edge/src/edge-request.ts';
import { Exchange } from '../packages/edge/src/exchange.ts';
import { DEFAULT_HEADERS, headerUses } from '../packages/edge/src/headers.ts';
import { createIds } from '../packages/edge/src/ids.ts';
import { createLineWriter } from '../packages/edge/src/request-line.ts';
import { NETWORK_KINDS } from '../packages/server/src/model/enrichment.ts';
import { type ConsentFacts, decideKeeping } from '../packages/server/src/privacy/consent.ts';
import { createPolicyBook } from '../packages/server/src/privacy/policy.ts';
import { figure, median } from './timed.ts';

const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '15' } },
});
const requests = Number(options.requests);
const rounds = Number(options.rounds);
/** Distinct headers, more than any cache holds. */
const DISTINCT = 20_000;
const BOUND_US = 2;

const hex = (number: number) => number.toString(16).padStart(32, '0');
const others = (n: number) =>
  Array.from({ length: 5 }, (_, i) => `_tracker_${i}=GS1.1.${1_700_000_000 + n}.${i}.1.${hex(n * 31 + i)}`).join('; ');
const cookies = Array.from({ length: DISTINCT }, (_, n) => {
  const choice = [`1.${hex(n)}.a1m0.${hex(n + 1)}`, `1.${hex(n)}.a0m0`, 'true'][n % 3];
  return `${others(n)}; vedette_consent=${choice}; ${others(n + 7)}`;
});

let kept = 0;

/** µs a request, the median over the rounds. */
function measure(work: (n: number) => void): number {
  const times: number[] = [];
  for (let round = 0; round < rounds + 3; round += 1) {
    const started = performance.now();
    for (let n = 0; n < requests; n += 1) work(n);
    // The first are for the engine to compile.
    if (round >= 3) times.push(((performance.now() - started) * 1000) / requests);
  }
  return median(times);
}

const parse = measure((n) => {
  if (readConsent(cookies[n % DISTINCT] as string).choice === 'granted') kept += 1;
});

/** Reading and writing whole requests, with cookies looked at or not. */
function edge(consent: boolean): number {
  const trust = proxyTrust([], 'x-forwarded-for');
  const use = headerUses(DEFAULT_HEADERS, null, consent);
  const ids = createIds();
  const [read, lines] = [createReader({ ids, trust, use }), createLineWriter(ids)];
  const exchanges = cookies.map((cookie, n) => {
    const request = {
      method: 'GET',
      httpVersion: '1.1',
      rawHeaders: ['Host', 'shop.example', 'User-Agent', 'Mozilla/5.0', 'Accept', `text/html;q=${n}`, 'Cookie', cookie],
    };
    const owner = { take: () => undefined, onError: () => undefined };
    const asked = request as unknown as ConstructorParameters<typeof Exchange>[2];
    return new Exchange(owner, n, asked, `/page/${n % 50}`, '192.0.2.1');
  });
  return measure((n) => {
    kept += lines.text(read(exchanges[n % DISTINCT] as Exchange, 1_790_000_000_000)).length & 1;
  });
}
const [without, withConsent] = [edge(false), edge(true)];

const stored = new Map(
  Array.from({ length: 500 }, (_, n) => [
    `tenant-${n}`,
    { unknown: n % 2 === 0 ? 'counted' : 'pseudonymous', city: n % 3 > 0, honour_dnt: n % 5 === 0 },
  ]),
);
const book = createPolicyBook((tenantId) => stored.get(tenantId));
const tenants = [...stored.keys()];
const facts: ConsentFacts[] = Array.from({ length: 1009 }, (_, n) => ({
  choice: (['granted', 'refused', 'unknown'] as const)[n % 3] as ConsentFacts['choice'],
  gpc: n % 7 === 0,
  dnt: n % 11 === 0,
  isBot: n % 5 === 0,
  networkKind: NETWORK_KINDS[n % NETWORK_KINDS.length] ?? null,
  attackScore: n % 13 === 0 ? 50 : null,
  threatScore: null,
}));
const decide = measure((n) => {
  const policy = book.traffic(tenants[n % tenants.length] as string);
  if (decideKeeping(facts[n % facts.length] as ConsentFacts, policy.rules).row) kept += 1;
});

console.log(
  `${requests} requests a round, ${rounds} rounds; Cookie headers of ${cookies[0]?.length} bytes (${kept & 1})`,
);
figure('consent.edge.parse', parse, 'µs/request');
figure('consent.edge.added', withConsent - without, 'µs/request');
figure('consent.hub.decide', decide, 'µs/request');
figure('consent.total', Math.max(parse, withConsent - without) + decide, 'µs/request', {
  name: 'bound',
  value: BOUND_US,
});
