import fc from 'fast-check';
import { NETWORK_KINDS } from '../../src/model/enrichment.ts';
import type { FieldName } from '../../src/model/field.ts';
import { trafficClass } from '../../src/model/request.ts';
import type { StoredRequest } from '../../src/model/stored-request.ts';
import { uuidv7 } from '../../src/model/uuid.ts';
import { BOT, DAY_MS, NOON, PERSON, storedRequest } from './clickhouse.ts';

/** Any character but halves of one. fast-check's own unit `binary` first works out a table of all of them, for a second. */
const anyCharacter = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

/** Texts that end a field, a line, a literal or a statement elsewhere, and plain ones. */
export const hostileText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.constantFrom(
    "' OR 1=1 --",
    "\\' OR 1=1 --",
    '\\',
    '\\N',
    '\\t',
    '\t',
    '\n',
    '\r\n',
    '\0',
    '\u0001\u001f\u007f',
    '{p0:String}',
    "') UNION ALL SELECT * FROM requests --",
    '%',
    '_',
    '%_\\%',
    '*',
    '[]',
    "{'a':'b'}",
    '\ud800',
    'x\udc00y',
    'ÄÖÜß',
    '日本語',
    '🛡️',
    '',
  ),
);

const number = fc.oneof(fc.constantFrom(-1, 0, 1, 2 ** 31, 2 ** 40), fc.integer({ min: 0, max: 1_000_000 }));
const key = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const score = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 100 }));

/** Any request that the model allows, of that tenant, at a time around NOON. */
export function anyRequest(tenantId: string): fc.Arbitrary<StoredRequest> {
  return fc
    .record({
      time: fc.integer({ min: NOON - 3 * DAY_MS, max: NOON }),
      lag: fc.integer({ min: 0, max: 400 * DAY_MS }),
      texts: fc.array(hostileText, { minLength: 18, maxLength: 18 }),
      numbers: fc.array(number, { minLength: 3, maxLength: 3 }),
      keys: fc.array(key, { minLength: 3, maxLength: 3 }),
      status: fc.constantFrom(0, 101, 200, 204, 301, 404, 499, 500, 503, 599),
      kind: fc.constantFrom(...NETWORK_KINDS),
      asn: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      bot: fc.boolean(),
      kept: fc.boolean(),
      scores: fc.tuple(score, score),
      lists: fc.array(fc.array(hostileText, { maxLength: 3 }), { minLength: 2, maxLength: 2 }),
      headers: fc.oneof(fc.constant(null), fc.dictionary(hostileText, hostileText, { maxKeys: 4 })),
      userAgent: fc.oneof(fc.constant(null), hostileText),
      domain: fc.constantFrom('www.example.com', 'shop.example.org', 'a.example.net', ''),
      country: fc.constantFrom('DE', 'US', ''),
      origin: fc.constantFrom('edge' as const, 'import' as const, 'beacon' as const, 'self' as const),
    })
    .map((some) => {
      const text = (index: number) => some.texts[index] ?? '';
      return storedRequest({
        id: uuidv7(some.time),
        tenantId,
        domain: some.domain,
        received: some.time + some.lag,
        kept: some.kept,
        visitorId: text(0),
        keys: { client: some.keys[0] ?? '0', net: some.keys[1] ?? '0', site: some.keys[2] ?? '0', day: 20_000 },
        place: { country: some.country, region: text(1), city: text(2) },
        network: { asn: some.asn, asOrg: text(3), isp: text(4), kind: some.kind, kindConfidence: 1, kindReason: '' },
        agent: some.bot ? { ...BOT, botName: text(5) } : { ...PERSON, osName: text(6), browserName: text(7) },
        botVerified: some.bot,
        threatScore: some.scores[0],
        attackScore: some.scores[1],
        threatSources: some.lists[0] ?? [],
        attackRules: some.lists[1] ?? [],
        origin: some.origin,
        request: {
          time: some.time,
          method: text(8),
          path: text(9),
          route: text(10) === '' ? text(9) : text(10),
          query: text(11),
          protocol: text(12),
          referrer: text(13),
          status: some.status,
          durationUs: some.numbers[0] ?? -1,
          bytesIn: some.numbers[1] ?? -1,
          bytesOut: some.numbers[2] ?? -1,
          headers: some.headers,
          userAgent: some.userAgent,
        },
      });
    });
}

/** The value of a field as the model sees it, for comparison with what the store answers. */
export function fieldValue(row: StoredRequest, field: FieldName): string | number {
  const { request, place, network, agent } = row;
  const values: Record<FieldName, string | number> = {
    country: place.country,
    region: place.region,
    city: place.city,
    asn: network.asn,
    network: network.asOrg,
    network_kind: network.kind,
    class: trafficClass(agent.isBot, network.kind),
    domain: row.domain,
    method: request.method,
    path: request.path,
    route: request.route,
    query: request.query,
    status: request.status,
    status_class: request.status < 100 ? '' : `${Math.floor(request.status / 100)}xx`,
    protocol: request.protocol,
    referrer: request.referrer,
    device: agent.deviceType,
    os: agent.osName,
    browser: agent.browserName,
    bot: String(agent.isBot),
    bot_name: agent.botName,
    bot_kind: agent.botKind,
    bot_verified: String(row.botVerified),
    user_agent: request.userAgent ?? '',
    origin: row.origin,
    consent: row.consent,
    threat_score: row.threatScore ?? -1,
    attack_score: row.attackScore ?? -1,
    duration_ms: request.durationUs < 0 ? -1 : request.durationUs / 1000,
    bytes_in: request.bytesIn,
    bytes_out: request.bytesOut,
  };
  const value = values[field];
  return typeof value === 'string' ? value.toWellFormed() : value;
}
