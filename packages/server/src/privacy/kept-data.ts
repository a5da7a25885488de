import type { KeptData, PrivacyPolicy } from '@vedette/contract';
import type { KeptFigure } from '../stores/requests-kept.ts';

interface Kind {
  /** Of the figures. */
  figure: string;
  name: string;
  what: string;
  why: string;
  where: string;
  until(policy: PrivacyPolicy): string;
}

const afterReceipt = (days: number) => `${days} days after it happened or was received, whichever is later`;

/** Every kind of data that is held of a tenant, for people to read. The one place of these words. */
const KINDS: readonly Kind[] = [
  {
    figure: 'requests granted',
    name: 'Requests of people who granted',
    what: 'time, page, referrer, device, place, network, the random id of the browser, and a key that stands for the address',
    why: 'figures by person, over several days; tracing attacks',
    where: 'ClickHouse, requests',
    until: ({ retention_days: days }) => afterReceipt(days.granted),
  },
  {
    figure: 'requests unknown',
    name: 'Requests of those who have not chosen',
    what: 'the same without an id, under a key that changes daily; of the referrer its host at most',
    why: 'figures by day; tracing attacks',
    where: 'ClickHouse, requests',
    until: ({ retention_days: days }) => afterReceipt(days.unknown),
  },
  {
    figure: 'requests refused',
    name: 'Requests of bots, hosting networks and attacks',
    what: 'the same without a city, also where somebody refused; nothing else of those who refused',
    why: 'tracing attacks',
    where: 'ClickHouse, requests',
    until: ({ retention_days: days }) => afterReceipt(days.refused),
  },
  {
    figure: 'requests_sample',
    name: 'A sample of those requests',
    what: 'copies of one in 32 of the requests above, and of all of one visitor in 64; no headers, no address',
    why: 'figures of very many requests within a moment',
    where: 'ClickHouse, requests_sample',
    until: () => 'the request itself goes',
  },
  {
    figure: 'live_addresses',
    name: 'Addresses of sessions that are going on',
    what: 'the IP address, the key that stands for it, and when it was last seen',
    why: 'telling the edge whom to block while an attack goes on',
    where: 'ClickHouse, live_addresses',
    until: () => 'an hour and 40 minutes after it was last seen, at most',
  },
  {
    figure: 'interactions',
    name: 'What people who granted do in pages',
    what: 'page views, clicks on widgets, timings; no text, and no errors’ messages',
    why: 'figures by page and widget',
    where: 'ClickHouse, interactions',
    until: ({ retention_days: days }) => afterReceipt(days.interactions),
  },
  {
    figure: 'sessions',
    name: 'Sessions',
    what: 'when they began and ended, how many pages, the first and the last; derived from the above',
    why: 'figures by session',
    where: 'ClickHouse, sessions',
    until: ({ retention_days: days }) => `${days.sessions} days after it began`,
  },
  {
    figure: 'roll-ups',
    name: 'Counts of requests',
    what: 'numbers by minute, hour and day; sketches of durations and of how many different visitors there were',
    why: 'figures over time, also of people who refused',
    where: 'ClickHouse, counts and visits',
    until: () => '45 days by minute, two years by hour, eleven years by day, at most',
  },
  {
    figure: 'interaction roll-ups',
    name: 'Counts of interactions',
    what: 'numbers by hour and day',
    why: 'figures over time, also of people who refused',
    where: 'ClickHouse, interaction counts',
    until: () => 'two years by hour, eleven years by day, at most',
  },
  {
    figure: 'consent_choices',
    name: 'Evidence of choices',
    what: 'what was chosen, when, on which site, under which words; a random id, no address',
    why: 'proving that somebody granted, or refused',
    where: 'PostgreSQL, consent_choices',
    until: ({ retention_days: days }) => `${days.evidence} days after the last choice under its id`,
  },
  {
    figure: 'erasures',
    name: 'Erasures',
    what: 'when data was erased and how much, with keyed hashes of the ids; it names nobody',
    why: 'knowing a repeated request again, and turning late data away',
    where: 'PostgreSQL, erasures and erased_ids',
    until: () => 'the tenant is removed',
  },
  {
    figure: 'sources',
    name: 'What sends requests',
    what: 'names, versions and counters of edges, programs and agents; no addresses',
    why: 'seeing what is late or broken',
    where: 'PostgreSQL, sources',
    until: () => 'it is not among the 500 heard of last',
  },
];

/** What is held of a tenant, with how much there is of it. */
export function describeKept(figures: readonly KeptFigure[], policy: PrivacyPolicy): KeptData[] {
  const known = new Map(figures.map((figure) => [figure.name, figure]));
  return KINDS.map(({ figure, name, what, why, where, until }) => {
    const found = known.get(figure);
    const oldest = found?.oldest ?? null;
    return {
      name,
      what,
      why,
      where,
      until: until(policy),
      rows: found?.rows ?? null,
      oldest: oldest === null ? null : new Date(oldest).toISOString(),
    };
  });
}
