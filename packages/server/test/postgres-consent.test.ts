import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../src/model/request.ts';
import { createConsentDesk } from '../src/privacy/consent-desk.ts';
import { expireEvidence } from '../src/privacy/evidence.ts';
import { createPolicyBook } from '../src/privacy/policy.ts';
import type { PersonPlace } from '../src/stores/person-places.ts';
import { type Choice, type NewChoice, openRecords, type Records, type TenantRecords } from '../src/stores/records.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 4, 4, 12);
const TEXT = { version: '00112233aabbccdd', language: 'en', words: { title: 'May we?' } };
const hex = (digit: string) => digit.repeat(32);

let postgres: TestPostgres;
let url: string;
let records: Records;
let own: TenantRecords;
let made = 0;

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.freshDatabase();
  records = await openRecords({ url, log: quietLog() });
});
beforeEach(async () => {
  const tenant = await records.unscoped.tenants.create({ slug: `t${made++}`, name: 'T' });
  if (isRefusal(tenant)) throw new Error(tenant.detail);
  own = records.forTenant(tenant.id);
  await own.consent.show(TEXT);
});
afterAll(async () => {
  await records?.close();
  await postgres?.stop();
});

function choice(more: Partial<NewChoice> = {}): NewChoice {
  const analytical = more.analytical ?? true;
  return {
    time: NOON,
    domain: 'shop.example',
    proofId: hex('a'),
    visitorId: analytical ? hex('b') : null,
    analytical,
    marketing: false,
    asked: ['analytical', 'marketing'],
    textVersion: TEXT.version,
    language: 'en',
    surface: 'banner',
    gpc: false,
    ...more,
  };
}

const changes = (choices: readonly Choice[]) => choices.map(({ change }) => change);

describe('a choice', () => {
  it('is kept as it was made', async () => {
    expect(await own.consent.add([choice({ gpc: true, language: 'de-AT' })])).toBe(1);
    const [kept] = await own.consent.history(hex('a'));
    expect(kept).toEqual({ ...choice({ gpc: true, language: 'de-AT' }), id: expect.any(String), change: 'first' });
    const columns = await postgres.query(
      url,
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'consent_choices' AND column_name ~ 'addr|ip|agent'",
    );
    expect(columns).toEqual([]);
  });

  // What is chosen in turn, as analytical and marketing, and what each is beside the one before.
  const TURNS: [string, string][] = [
    ['11', 'first'],
    ['10', 'withdrawn'],
    ['11', 'changed'],
    ['01', 'withdrawn'],
    ['10', 'withdrawn'],
    ['00', 'withdrawn'],
    ['00', 'same'],
    ['01', 'changed'],
    ['11', 'changed'],
    ['11', 'same'],
    ['00', 'withdrawn'],
  ];
  const turns = TURNS.map(([bits], place) =>
    choice({ analytical: bits[0] === '1', marketing: bits[1] === '1', time: NOON + place * 3_600_000 }),
  );

  it.each([
    ['one after another', turns.map((turn) => [turn])],
    ['all at once', [turns]],
    ['in two parts', [turns.slice(0, 4), turns.slice(4)]],
    ['within one millisecond', turns.map((turn, place) => [{ ...turn, time: NOON, language: `e${place}` }])],
    [
      'all at once within one millisecond',
      [turns.map((turn, place) => ({ ...turn, time: NOON, language: `e${place}` }))],
    ],
    [
      'by clocks that go back',
      turns.map((turn, place) => [{ ...turn, time: NOON - place * 60_000, language: `e${place}` }]),
    ],
  ])('is set beside the one before it: %s', async (_, calls) => {
    for (const call of calls) await own.consent.add(call);
    const history = (await own.consent.history(hex('a'))).reverse();
    expect(changes(history)).toEqual(TURNS.map(([, change]) => change));
    expect(history.every(({ time }, place) => place === 0 || time > (history[place - 1] as Choice).time)).toBe(true);
  });

  it('that is sent again within ten minutes is one; later, or with anything else, it is another', async () => {
    const { consent } = own;
    expect(await consent.add([choice(), choice()])).toBe(1);
    expect(await consent.add([choice({ time: NOON + 599_000 })])).toBe(0);
    expect(await consent.add([choice({ surface: 'settings', time: NOON + 599_000 })])).toBe(1);
    expect(await consent.add([choice({ surface: 'settings', time: NOON + 3_600_000 })])).toBe(1);
    expect(changes(await consent.history(hex('a')))).toEqual(['same', 'same', 'first']);
  });

  it('has another before it only under its own proof id, of its own tenant', async () => {
    const other = records.forTenant(records.installation.id).consent;
    await other.show(TEXT);
    await other.add([choice()]);
    await own.consent.add([choice({ proofId: hex('c') }), choice({ proofId: hex('d') }), choice()]);
    for (const proof of ['a', 'c', 'd']) expect(changes(await own.consent.history(hex(proof)))).toEqual(['first']);
  });

  it('made at once in two hubs under one proof id has one that is the first', async () => {
    const second = await openRecords({ url, log: quietLog() });
    try {
      const books = [own.consent, second.forTenant(own.tenantId).consent];
      const calls = Array.from({ length: 20 }, (_, n) =>
        (books[n % 2] as (typeof books)[number]).add([choice({ language: `l${n}`, analytical: n % 3 === 0 })]),
      );
      expect((await Promise.all(calls)).reduce((sum, count) => sum + count, 0)).toBe(20);
      const history = (await own.consent.history(hex('a'))).reverse();
      expect(history.filter(({ change }) => change === 'first')).toHaveLength(1);
      for (const [place, { analytical, change }] of history.entries()) {
        if (place === 0) continue;
        const before = history[place - 1] as Choice;
        expect(change).toBe(before.analytical === analytical ? 'same' : analytical ? 'changed' : 'withdrawn');
      }
    } finally {
      await second.close();
    }
  });

  it.each<[string, object]>([
    ['a proof id that is none', { proofId: 'A'.repeat(32) }],
    ['a visitor id without a grant', { analytical: false, visitorId: hex('b') }],
    ['words that nobody was shown', { textVersion: 'ffffffffffffffff' }],
    ['a purpose that there is none of', { asked: ['profiling'] }],
  ])('with %s is refused by the table', async (_, wrong) => {
    await expect(own.consent.add([choice(wrong)])).rejects.toThrow();
    expect(await own.consent.history(hex('a'))).toEqual([]);
  });

  it('cannot be changed, not even by the hub', async () => {
    await own.consent.add([choice()]);
    const change = `SET ROLE vedette_app; SET vedette.access = 'platform'; UPDATE vedette.consent_choices SET analytical = false`;
    await expect(postgres.query(url, change)).rejects.toThrow(/permission denied/);
  });
});

describe('figures', () => {
  // proof, day, analytical and marketing, asked for, GPC
  const MADE: [string, number, string, NewChoice['asked'], boolean][] = [
    ['1', 0, '11', ['analytical', 'marketing'], false],
    ['2', 0, '10', ['analytical', 'marketing'], true],
    ['3', 0, '10', ['analytical'], false],
    ['4', 0, '00', ['analytical', 'marketing'], true],
    ['5', 1, '01', ['marketing'], false],
    ['1', 1, '00', ['analytical', 'marketing'], false],
    ['6', 1, '00', [], false],
    ['7', 1, '10', [], false],
    ['3', 2, '10', ['analytical'], false],
  ];
  const span = { from: NOON - DAY, to: NOON + 5 * DAY };

  beforeEach(async () => {
    await own.consent.add(
      MADE.map(([proof, day, bits, asked, gpc]) =>
        choice({
          proofId: hex(proof),
          time: NOON + day * DAY,
          analytical: bits[0] === '1',
          marketing: bits[1] === '1',
          asked,
          gpc,
          domain: proof === '2' ? 'www.shop.example' : 'shop.example',
        }),
      ),
    );
  });

  it('are by day, as asked for at the time', async () => {
    const day = NOON - (NOON % DAY);
    expect(await own.consent.days(span)).toEqual([
      { day, granted: 2, partly: 1, refused: 1, withdrawn: 0, gpc: 2 },
      { day: day + DAY, granted: 2, partly: 0, refused: 2, withdrawn: 1, gpc: 0 },
      { day: day + 2 * DAY, granted: 1, partly: 0, refused: 0, withdrawn: 0, gpc: 0 },
    ]);
    expect(await own.consent.days({ ...span, domain: 'www.shop.example' })).toEqual([
      { day, granted: 0, partly: 1, refused: 0, withdrawn: 0, gpc: 1 },
    ]);
    expect(await own.consent.days({ from: NOON + 3 * DAY, to: NOON + 5 * DAY })).toEqual([]);
  });

  it('are of people by their latest choice in the span', async () => {
    expect(await own.consent.people(span)).toEqual({ granted: 3, partly: 1, refused: 3 });
    expect(await own.consent.people({ ...span, to: NOON + DAY })).toEqual({ granted: 2, partly: 1, refused: 1 });
    expect(await own.consent.people({ from: 0, to: 1 })).toEqual({ granted: 0, partly: 0, refused: 0 });
  });

  it.each([1, 2, 4, 9, 10, 1000])('all choices come in pages of %i, in order, each once', async (rows) => {
    const pages: Choice[][] = [];
    for await (const page of own.consent.pages(span, rows)) pages.push(page);
    const all = pages.flat();
    expect(all).toHaveLength(MADE.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(MADE.length);
    expect(pages.every((page) => page.length <= rows && page.length > 0)).toBe(true);
    const order = all.map(({ time, id }) => `${time} ${id}`);
    expect(order).toEqual([...order].sort());
  });
});

describe('words', () => {
  it('are noted once, and counted by the choices made under them', async () => {
    const { consent } = own;
    const other = { version: 'ffeeddccbbaa9988', language: 'de', words: { title: 'Dürfen wir?' } };
    expect(await consent.knows(other.version)).toBe(false);
    await Promise.all([consent.show(other), consent.show(other)]);
    expect(await consent.knows(other.version)).toBe(true);
    await consent.add([choice({ textVersion: other.version, language: 'de' })]);
    const texts = await consent.texts();
    expect(texts).toHaveLength(2);
    expect(texts.find(({ version }) => version === other.version)).toMatchObject({ ...other, choices: 1 });
    expect(texts.find(({ version }) => version === TEXT.version)).toMatchObject({ ...TEXT, choices: 0 });
  });
});

describe('evidence goes', () => {
  it('when the last choice under its proof id is past its time, all of it at once', async () => {
    const { consent } = own;
    await consent.add([
      choice({ time: NOON - 10 * DAY }),
      choice({ time: NOON, analytical: false }),
      choice({ proofId: hex('c'), time: NOON - 10 * DAY }),
      choice({ proofId: hex('c'), time: NOON - 5 * DAY, analytical: false }),
    ]);
    expect(await consent.expire(NOON - 10 * DAY)).toBe(0);
    expect(await consent.expire(NOON - DAY)).toBe(2);
    expect(await consent.history(hex('c'))).toEqual([]);
    expect(await consent.history(hex('a'))).toHaveLength(2);
    expect(await consent.expire(NOON + 10)).toBe(2);
  });

  it('by the days of each tenant’s own policy', async () => {
    const other = await records.unscoped.tenants.create({ slug: `t${made++}`, name: 'T' });
    if (isRefusal(other)) throw new Error(other.detail);
    const theirs = records.forTenant(other.id);
    await theirs.tenant.setPolicy({ retention_days: { evidence: 30 } });
    await theirs.consent.show(TEXT);
    for (const { consent } of [own, theirs])
      await consent.add([choice(), choice({ proofId: hex('c'), time: NOON + 20 * DAY })]);
    await records.policies.refresh();
    const policies = createPolicyBook((tenantId) => records.policies.of(tenantId));
    const expire = (time: number) => expireEvidence(records, policies, time);
    expect((await expire(NOON + 29 * DAY)).map(({ tenant }) => tenant)).not.toContain(other.slug);
    expect(await expire(NOON + 31 * DAY)).toContainEqual({ id: other.id, tenant: other.slug, removed: 1 });
    expect(await own.consent.history(hex('a'))).toHaveLength(1);
    expect(await theirs.consent.history(hex('c'))).toHaveLength(1);
    await expire(NOON + 1096 * DAY);
    expect(await own.consent.history(hex('a'))).toEqual([]);
    expect(await own.consent.history(hex('c'))).toHaveLength(1);
  });

  it.each([
    ['by proof id, with all of the visitor it names', { proofs: [hex('a')], visitors: [] }, 3],
    ['by proof id, of one that names nobody else', { proofs: [hex('d')], visitors: [] }, 1],
    ['by visitor id, with all under the proof ids that had it', { proofs: [], visitors: [hex('b')] }, 3],
    ['not for somebody else', { proofs: [hex('9')], visitors: [] }, 0],
    ['not for another visitor', { proofs: [], visitors: [hex('9')] }, 0],
  ] as const)('when it is erased %s', async (_, person, count) => {
    const { consent, erasures } = own;
    const evidence = erasures.places().find(({ name }) => name === 'PostgreSQL consent_choices') as PersonPlace;
    const all = [
      choice(),
      choice({ analytical: false, time: NOON + DAY }),
      choice({ proofId: hex('c') }),
      choice({ proofId: hex('d'), visitorId: hex('e') }),
    ];
    await consent.add(all);
    const ids = await erasures.linked(person);
    const exported = async () => {
      const found: object[] = [];
      for await (const record of evidence.export(ids)) found.push(record);
      return found;
    };
    expect(await exported()).toHaveLength(count);
    expect(await evidence.erase(ids)).toBe(count);
    expect(await exported()).toEqual([]);
    const [rest] = await postgres.query(url, 'SELECT count(*)::int FROM vedette.consent_choices WHERE tenant_id = $1', [
      own.tenantId,
    ]);
    expect(rest).toEqual({ count: all.length - count });
  });
});

it('policies are known in every hub as soon as they are set, and stay the same object until then', async () => {
  const second = await openRecords({ url, log: quietLog() });
  try {
    const before = second.policies.of(own.tenantId);
    expect(before).toEqual({});
    expect(second.policies.of('nobody')).toBeUndefined();
    await second.policies.refresh();
    expect(second.policies.of(own.tenantId)).toBe(before);
    await own.tenant.setPolicy({ unknown: 'counted' });
    // Each hears of it by itself, in no order.
    for (const hub of [second, records]) {
      const told = () => hub.policies.of(own.tenantId);
      await expect.poll(told, { interval: 10 }).toEqual({ unknown: 'counted' });
    }
  } finally {
    await second.close();
  }
});

it('many choices at once, of few people, are all there and in an order that makes sense', async () => {
  const any = fc.array(fc.record({ proof: fc.constantFrom('1', '2', '3'), bits: fc.nat(3), minute: fc.nat(100) }), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(any, fc.nat(10), async (list, cut) => {
      await postgres.query(url, 'DELETE FROM vedette.consent_choices WHERE tenant_id = $1', [own.tenantId]);
      const given = list.map(({ proof, bits, minute }, n) =>
        choice({
          proofId: hex(proof),
          analytical: bits > 1,
          marketing: bits % 2 === 1,
          time: NOON + minute * 60_000,
          language: `l${n}`,
        }),
      );
      await own.consent.add(given.slice(0, cut));
      await own.consent.add(given.slice(cut));
      for (const proof of ['1', '2', '3']) {
        const expected = given.filter(({ proofId }) => proofId === hex(proof));
        const history = (await own.consent.history(hex(proof))).reverse();
        // The table goes by the order of writing wherever clocks say otherwise.
        expect(history.map(({ language }) => language).sort()).toEqual(expected.map(({ language }) => language).sort());
        expect(history.filter(({ change }) => change === 'first')).toHaveLength(expected.length === 0 ? 0 : 1);
      }
    }),
    { numRuns: 25 },
  );
});

describe('the desk', () => {
  const told = (proof: string, version: string) => ({
    domain: 'shop.example',
    proof_id: hex(proof),
    choices: { analytical: false, marketing: false },
    text_version: version,
    language: 'en',
    surface: 'banner' as const,
    gpc: false,
  });
  const failed: unknown[] = [];
  const open = () =>
    createConsentDesk({
      policyOf: (tenantId) => createPolicyBook((id) => records.policies.of(id)).policy(tenantId),
      bookOf: (tenantId) => records.forTenant(tenantId).consent,
      onError: (error) => failed.push(error),
    });

  it('stores choices of several tenants at once, and one that is gone fails alone', async () => {
    const gone = await records.unscoped.tenants.create({ slug: `t${made++}`, name: 'T' });
    if (isRefusal(gone)) throw new Error(gone.detail);
    const desk = open();
    const { text_version: version } = desk.site(own.tenantId, 'shop.example', 'en');
    expect(await desk.take(gone.id, told('1', version))).toBeNull();
    await postgres.query(url, 'DELETE FROM vedette.tenants WHERE id = $1', [gone.id]);
    const outcomes = await Promise.allSettled([
      desk.take(own.tenantId, told('1', version)),
      desk.take(gone.id, told('2', version)),
      desk.take(own.tenantId, told('3', version)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await own.consent.history(hex('3'))).toHaveLength(1);
    await desk.close();
    expect(failed).toEqual([]);
  });

  it('writes many choices in few transactions', async () => {
    const desk = open();
    const { text_version: version } = desk.site(own.tenantId, 'shop.example', 'en');
    const commits = async () => {
      const [row] = await postgres.query(
        url,
        'SELECT count(DISTINCT xmin::text)::int AS n FROM vedette.consent_choices WHERE tenant_id = $1',
        [own.tenantId],
      );
      return Number(row?.n);
    };
    const numbers = Array.from({ length: 2000 }, (_, n) => n.toString(16).padStart(32, '0'));
    await Promise.all(numbers.map((proof_id) => desk.take(own.tenantId, { ...told('0', version), proof_id })));
    expect(await commits()).toBeLessThan(20);
    expect((await own.consent.people({ from: 0, to: Date.now() + DAY })).refused).toBe(2000);
    await desk.close();
  });
});
