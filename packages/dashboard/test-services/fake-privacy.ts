import type {
  ErasureAnswer,
  KeptData,
  PersonQuestion,
  PrivacyAnswer,
  PrivacyPolicy,
  ScanAnswer,
} from '@vedette/contract';
import type { FakeConsent } from './sample-consent.ts';

export const USUAL_POLICY: PrivacyPolicy = {
  retention_days: { granted: 396, unknown: 30, refused: 30, interactions: 396, sessions: 396, evidence: 1095 },
  unknown: 'pseudonymous',
  city: true,
  referrer: 'full',
  honour_dnt: false,
  least_group: 5,
  banner: { enabled: true, purposes: ['analytical'], policy_url: null, ask_again_days: 180, texts: {} },
};

const flat = (value: unknown, name = ''): [string, string][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, part]) => flat(part, name === '' ? key : `${name}.${key}`))
    : [[name, JSON.stringify(value)]];

/** Every field of a policy as a sentence, which is not the hub's wording but as long. */
export function plainWords(policy: PrivacyPolicy): string[] {
  const { retention_days: days, banner } = policy;
  return [
    banner.enabled
      ? `Visitors are asked whether they agree to ${banner.purposes.join(' and ')}; a choice holds for ${banner.ask_again_days} days, then they are asked again.`
      : 'Visitors are not asked, and so nobody has granted anything.',
    `Of people who granted, whole requests are kept for ${days.granted} days: with the random id of their browser${policy.city ? ', the city' : ''}, and where they came from. What they do in pages is kept for ${days.interactions} days, and their sessions for ${days.sessions} days.`,
    policy.unknown === 'counted'
      ? 'Those who have not chosen are only counted.'
      : `Of those who have not chosen, requests are kept for ${days.unknown} days under a key that changes daily; they cannot be recognised the day after.`,
    `Those who refused are only counted${policy.honour_dnt ? ', and so are browsers that send Global Privacy Control or Do Not Track' : ', and so are browsers that send Global Privacy Control'}, unless they agree on the site itself.`,
    `What somebody chose, and the words that were shown, is kept as evidence for ${days.evidence} days after the last choice, without an address.`,
    `Figures that are shared or public show no group of fewer than ${policy.least_group} people.`,
  ];
}

export function changes(before: PrivacyPolicy, after: PrivacyPolicy): string[] {
  const old = new Map(flat(before));
  return flat(after).flatMap(([name, value]) => {
    const had = old.get(name);
    return had === value
      ? []
      : [`${name.replaceAll(/[._]/g, ' ')} would be ${value}${had === undefined ? '' : ` instead of ${had}`}.`];
  });
}

const KEPT: readonly Omit<KeptData, 'until'>[] = [
  {
    name: 'Requests of people who granted',
    what: 'time, page, referrer, device, place, network, the random id of the browser, and a key that stands for the address',
    why: 'figures by person, over several days; tracing attacks',
    where: 'ClickHouse, requests',
    rows: 1_284_221,
    oldest: '2026-01-03T11:00:00Z',
  },
  {
    name: 'Requests of those who have not chosen',
    what: 'the same without an id, under a key that changes daily; of the referrer its host at most',
    why: 'figures by day; tracing attacks',
    where: 'ClickHouse, requests',
    rows: 402_112,
    oldest: '2026-10-27T00:00:00Z',
  },
  {
    name: 'Addresses of sessions that are going on',
    what: 'the IP address, the key that stands for it, and when it was last seen',
    why: 'telling the edge whom to block while an attack goes on',
    where: 'ClickHouse, live_addresses',
    rows: null,
    oldest: null,
  },
  {
    name: 'Evidence of choices',
    what: 'what was chosen, when, on which site, under which words; a random id, no address',
    why: 'proving that somebody granted, or refused',
    where: 'PostgreSQL, consent_choices',
    rows: 8211,
    oldest: '2026-02-11T09:30:00Z',
  },
];

/** GET /api/v1/privacy/policy. */
export function answerPolicy(policy: PrivacyPolicy): PrivacyAnswer {
  const { granted, unknown, evidence } = policy.retention_days;
  const until = [granted, unknown, 0, evidence].map((days) =>
    days === 0
      ? 'an hour and 40 minutes after it was last seen, at most'
      : `${days} days after it happened or was received, whichever is later`,
  );
  return {
    policy,
    plain: plainWords(policy),
    kept: KEPT.map((kept, index) => ({ ...kept, until: until[index] ?? '' })),
  };
}

/** POST /api/v1/privacy/erase: takes the records of a person out of the evidence. */
export function erase(
  consent: FakeConsent,
  { proof_id: proof, visitor_id: visitor }: PersonQuestion,
  time: number,
): ErasureAnswer {
  const isOf = ({ proof_id, visitor_id }: FakeConsent['records'][number]) =>
    proof === undefined ? visitor_id === visitor : proof_id === proof;
  const found = consent.records.filter(isOf).length;
  consent.records = consent.records.filter((record) => !isOf(record));
  return {
    id: '01900000-0000-7000-a000-00000000000e',
    time: new Date(time).toISOString(),
    erased:
      found === 0
        ? []
        : [
            { place: 'consent_choices', rows: found },
            { place: 'requests', rows: 214 },
            { place: 'interactions', rows: 61 },
            { place: 'sessions', rows: 7 },
          ],
    searched: ['consent_choices', 'requests', 'interactions', 'sessions', 'integration_outbox', 'spool'].map(
      (place) => ({
        place,
        found: 0,
      }),
    ),
    complete: true,
  };
}

/** A scan that came across what may be there and, if told so, what may not. */
export function sampleScan(now: number, bad: boolean): ScanAnswer {
  const findings: ScanAnswer['findings'] = [
    {
      kind: 'address',
      place: 'PostgreSQL: audit_log.address',
      count: 42,
      sample: '192.0.2.•••',
      excepted: 'addresses of log-ins are kept for security, as docs/privacy.md says',
    },
    {
      kind: 'address',
      place: 'ClickHouse: live_addresses.address',
      count: 311,
      sample: '203.0.113.•••',
      excepted: 'addresses of sessions that are going on, dropped within an hour and 40 minutes',
    },
  ];
  if (bad) {
    findings.push({
      kind: 'email',
      place: 'logs/hub-2026-11-25.ndjson, field err.message of a record that somebody’s plug-in wrote',
      count: 3,
      sample: 'j•••••@e••••••.org',
      excepted: null,
    });
  }
  return {
    state: 'done',
    started: new Date(now - 94_000).toISOString(),
    finished: new Date(now - 12_000).toISOString(),
    looked_at: [
      { place: 'ClickHouse: requests', items: 1_686_333, bytes: 412_000_000 },
      { place: 'PostgreSQL: consent_choices', items: 8211, bytes: 2_400_000 },
      { place: 'spool', items: 3, bytes: 81_920 },
      { place: 'logs', items: 14, bytes: 33_100_000 },
    ],
    skipped: [{ place: 'Kafka', why: 'none is configured; requests go straight to the pipeline' }],
    findings,
    error: null,
  };
}
