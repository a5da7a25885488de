import { describe, expect, test } from 'vitest';
import { type Enrichment, NO_AGENT, NO_NETWORK } from '../model/enrichment.ts';
import type { RawBeacon } from '../model/interaction.ts';
import { interactionPolicyOf } from '../privacy/interaction-policy.ts';
import { privacyPolicyOf } from '../privacy/policy.ts';
import { createNameBudget, OTHER_NAMES } from './name-budget.ts';
import { createPrepareInteractions } from './prepare-interaction.ts';

const NOW = Date.UTC(2026, 2, 18, 12);
const ADDRESS = '203.0.113.9';
const PLACE = Object.freeze({ country: 'DE', region: 'Berlin', city: 'Berlin' });
const VISITOR = 'ab'.repeat(16);
const SECRETS = ['jane@private.example', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'hunter4711'];
const keys = { client: '77', net: '78', site: '0', day: 20_530 };

function prepare(more: Partial<RawBeacon> = {}, policy = {}, enrichment: Partial<Enrichment> = {}) {
  const names = createNameBudget(2);
  const stages = {
    enricher: { enrich: () => ({ place: PLACE, network: NO_NETWORK, agent: NO_AGENT, ...enrichment }) },
    keyring: { keysFor: (address: string) => ({ ...keys, client: address === ADDRESS ? '77' : '0' }) },
    names,
  };
  const raw: RawBeacon = {
    tenantId: 'tenant',
    domain: 'www.example.com',
    clientAddress: ADDRESS,
    userAgent: 'test',
    choice: 'granted',
    gpc: false,
    dnt: false,
    visitorId: VISITOR,
    events: [
      {
        id: '01'.repeat(16),
        kind: 'click',
        age: 5000,
        path: `/users/${SECRETS[0]}/${SECRETS[1]}`,
        query: `password=${SECRETS[2]}&q=shoes&t=${SECRETS[1]}`,
        referrer: `https://search.example/find?email=${SECRETS[0]}#x`,
        name: `buy ${SECRETS[0]} ${SECRETS[1]}`,
        value: 3,
      },
    ],
    ...more,
  };
  // The keyring and the enricher are used by these functions alone.
  const rows = createPrepareInteractions(stages as never)(raw, NOW, interactionPolicyOf(privacyPolicyOf(policy)));
  return rows[0] as (typeof rows)[number];
}

describe('the consent table', () => {
  test('granted: the row, with visitor id, keys, city and referrer, redacted', () => {
    const row = prepare();
    expect(row).toMatchObject({
      kept: true,
      visitorId: VISITOR,
      keys,
      place: PLACE,
      time: NOW - 5000,
      received: NOW,
      expiresOn: Math.floor(NOW / 86_400_000) + 396,
      path: '/users/[redacted]/[redacted]',
      query: 'password=[redacted]&q=shoes&t=[redacted]',
      referrer: 'https://search.example/find?email=[redacted]',
      name: 'buy [redacted] [redacted]',
      value: 3,
    });
    for (const secret of [...SECRETS, ADDRESS]) expect(JSON.stringify(row)).not.toContain(secret);
  });

  const counted: [string, Partial<RawBeacon>, object, Partial<Enrichment>][] = [
    ['no choice', { choice: 'unknown' }, {}, {}],
    ['refused', { choice: 'refused' }, {}, {}],
    ['GPC without a choice', { choice: 'unknown', gpc: true }, {}, {}],
    ['a bot without a choice', { choice: 'unknown' }, {}, { agent: { ...NO_AGENT, isBot: true } }],
    ['hosting that refused', { choice: 'refused' }, {}, { network: { ...NO_NETWORK, kind: 'hosting' } }],
    ['DNT, honoured', { choice: 'unknown', dnt: true }, { honour_dnt: true }, {}],
  ];
  test.each(counted)('%s: counted only', (_name, more, policy, enrichment) => {
    const row = prepare(more, policy, enrichment);
    expect(row).toMatchObject({ kept: false, visitorId: '', path: '', query: '', referrer: '' });
    expect(row.keys.client).toBe('0');
    expect(row.place).toEqual({ country: 'DE', region: '', city: '' });
  });

  test.each<[string, Partial<RawBeacon>]>([
    ['GPC', { gpc: true }],
    ['DNT', { dnt: true }],
  ])('who granted explicitly is kept in spite of %s', (_name, more) => {
    expect(prepare(more, { honour_dnt: true })).toMatchObject({ kept: true, visitorId: VISITOR });
  });

  test('a tenant may keep less', () => {
    const row = prepare({}, { city: false, referrer: 'host', retention_days: { interactions: 7 } });
    expect(row).toMatchObject({ place: { city: '' }, referrer: 'https://search.example' });
    expect(row.expiresOn).toBe(Math.floor(NOW / 86_400_000) + 7);
    expect(prepare({}, { referrer: 'none' }).referrer).toBe('');
  });
});

test('an age is bounded on both sides', () => {
  const events = (age: number) => prepare({ events: [{ ...RAW, age }] }).time;
  expect([events(-5), events(0), events(1e12)]).toEqual([NOW, NOW, NOW - 86_400_000]);
});
const RAW = {
  id: '01'.repeat(16),
  kind: 'page_view',
  age: 0,
  path: '/',
  query: '',
  referrer: '',
  name: '',
  value: null,
} as const;

test('names beyond a site’s bound are counted together, until the next day', () => {
  const names = createNameBudget(2);
  const day = 86_400_000;
  expect(['a', 'b', 'c', 'a'].map((name) => names.within('x', name, 0))).toEqual(['a', 'b', OTHER_NAMES, 'a']);
  expect(names.within('y', 'c', 0)).toBe('c');
  expect(names.within('x', 'c', day)).toBe('c');
});
