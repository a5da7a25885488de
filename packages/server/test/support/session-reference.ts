import type { StoredInteraction } from '../../src/model/interaction.ts';
import type { StoredRequest } from '../../src/model/stored-request.ts';
import { ACTIVE_KINDS, ASSETS } from '../../src/stores/sessions-derivation.ts';
import { DAY_MS } from './clickhouse.ts';

const GAP_MS = 30 * 60_000;

/** A session as a test compares it. */
export interface Session {
  tenantId: string;
  domain: string;
  visitor: string;
  client: string;
  started: number;
  ended: number;
  hits: number;
  pages: number;
  entry: string;
  exit: string;
  referrer: string;
  country: string;
}

interface Hit {
  tenantId: string;
  domain: string;
  visitor: string;
  client: string;
  at: number;
  /** Interactions come before requests of the same ms. */
  source: number;
  id: string;
  path: string;
  page: boolean;
  referrer: string;
  country: string;
}

/**
 * What sessions are, said a second time and in another way than the SQL says it: a visitor's rows one after the other.
 * `until`: sessions that began before.
 */
export function referenceSessions(
  requests: readonly StoredRequest[],
  interactions: readonly StoredInteraction[],
  until: number,
): Session[] {
  const hits = [...requests.flatMap(hitOfRequest), ...interactions.flatMap(hitOfInteraction)];
  const visitors = Map.groupBy(hits, ({ tenantId, domain, visitor, client }) =>
    [tenantId, domain, visitor, client].join(' '),
  );
  return [...visitors.values()].flatMap(sessionsOf).filter(({ started }) => started < until);
}

function hitOfRequest(row: StoredRequest): Hit[] {
  const { tenantId, domain, visitorId, request, agent, network, place } = row;
  const someone = visitorId !== '' || row.keys.client !== '0';
  if (!row.kept || agent.isBot || network.kind === 'hosting' || row.consent === 'refused' || !someone) return [];
  const fetched = request.headers?.['sec-fetch-dest'] ?? '';
  const end = /\.(\w+)$/.exec(request.path.toLowerCase())?.[1] ?? '';
  const page =
    request.method === 'GET' &&
    request.status < 400 &&
    (fetched === '' ? !ASSETS.includes(end) : fetched === 'document');
  const client = visitorId === '' ? row.keys.client : '0';
  const { path, referrer } = request;
  const common = { tenantId, domain, visitor: visitorId, client, id: row.id, country: place.country };
  return [{ ...common, at: request.time, source: 1, path, page, referrer }];
}

function hitOfInteraction(row: StoredInteraction): Hit[] {
  const { tenantId, domain, visitorId, agent, network, path, referrer, place } = row;
  if (!row.kept || agent.isBot || network.kind === 'hosting' || !ACTIVE_KINDS.includes(row.kind)) return [];
  if (visitorId === '' && row.keys.client === '0') return [];
  const client = visitorId === '' ? row.keys.client : '0';
  const page = row.kind === 'page_view';
  const common = { tenantId, domain, visitor: visitorId, client, id: uuid(row.id), country: place.country };
  return [{ ...common, at: row.time, source: 0, path, page, referrer }];
}

function sessionsOf(hits: Hit[]): Session[] {
  hits.sort((a, b) => a.at - b.at || a.source - b.source || compareIds(a.id, b.id));
  const sessions: Hit[][] = [];
  let last = -Infinity;
  for (const hit of hits) {
    if (hit.at - last >= GAP_MS) sessions.push([]);
    (sessions.at(-1) as Hit[]).push(hit);
    last = hit.at;
  }
  return sessions.map((all) => {
    const first = all[0] as Hit;
    const own = all.filter(({ at }) => at < first.at + DAY_MS);
    const views = own.filter(({ page, source }) => page && source === 0);
    const pages = views.length > 0 ? views : own.filter(({ page }) => page);
    const from = pages[0]?.referrer ?? '';
    const host = URL.canParse(from) ? new URL(from).host : '';
    const { tenantId, domain, visitor, client, at: started, country } = first;
    return {
      tenantId,
      domain,
      visitor,
      client,
      started,
      country,
      ended: (own.at(-1) as Hit).at,
      hits: own.length,
      pages: pages.length,
      entry: pages[0]?.path ?? '',
      exit: pages.at(-1)?.path ?? '',
      referrer: host === domain ? '' : host,
    };
  });
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
