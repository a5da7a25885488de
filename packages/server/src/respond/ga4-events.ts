import { createHash } from 'node:crypto';

/** Limits of the Measurement Protocol: of one body, and of the texts in it. */
export const MOST_EVENTS = 25;
export const MOST_BODY_BYTES = 130_000;
const LONGEST_LOCATION = 1000;
const LONGEST_REFERRER = 420;
/** A session ends after half an hour without a page view. */
const SESSION_GAP_MS = 30 * 60_000;

/** A page view on its way to Google, oldest first. */
export interface Ga4PageView {
  id: string;
  visitorId: string;
  /** ms since the epoch. */
  time: number;
  host: string;
  path: string;
  query: string;
  referrer: string;
  marketing: boolean;
}

/** The session of a visitor that Google was told of last. */
export interface Ga4Visit {
  visitorId: string;
  /** Seconds since the epoch at which it began. */
  session: number;
  /** ms since the epoch of its last page view. */
  lastAt: number;
}

/** One body, and the page views that are in it. */
export interface Ga4Batch {
  body: string;
  ids: string[];
}

/**
 * Packs page views into bodies of the Measurement Protocol: each about one visitor with one marketing choice, with 25
 * events and 130 kB at most. `visits` says which session each visitor was in; it is brought up to date. Page views of
 * one visitor keep their order.
 */
export function packPageViews(
  views: readonly Ga4PageView[],
  measurementId: string,
  visits: Map<string, Ga4Visit>,
): Ga4Batch[] {
  const groups = new Map<string, { views: Ga4PageView[]; events: string[] }>();
  const batches: Ga4Batch[] = [];
  const close = (key: string) => {
    const group = groups.get(key);
    groups.delete(key);
    const first = group?.views[0];
    if (group === undefined || first === undefined) return;
    batches.push({ body: bodyOf(first, measurementId, group.events), ids: group.views.map(({ id }) => id) });
  };
  for (const view of views) {
    const key = `${view.visitorId} ${view.marketing}`;
    const event = JSON.stringify(eventOf(view, visitOf(view, visits)));
    const open = groups.get(key);
    const bytes = (open?.events ?? []).reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 500);
    if (
      open !== undefined &&
      (open.events.length >= MOST_EVENTS || bytes + Buffer.byteLength(event) > MOST_BODY_BYTES)
    ) {
      close(key);
    }
    const group = groups.get(key) ?? { views: [], events: [] };
    group.views.push(view);
    group.events.push(event);
    groups.set(key, group);
  }
  for (const key of groups.keys()) close(key);
  return batches;
}

/**
 * The client id for Google: two numbers, as its own tag makes them. It is made of the visitor id and the measurement id,
 * so that Google does not learn the visitor id, and two properties know the same person by different ids.
 */
export function clientIdOf(visitorId: string, measurementId: string): string {
  const hash = createHash('sha256').update(`${measurementId} ${visitorId}`).digest();
  return `${hash.readUInt32BE(0)}.${hash.readUInt32BE(4)}`;
}

interface Told {
  session: number;
  /** ms since the visitor's page view before in this session; 1 for the first. */
  engagement: number;
}

function visitOf({ visitorId, time }: Ga4PageView, visits: Map<string, Ga4Visit>): Told {
  const before = visits.get(visitorId);
  const gap = before === undefined ? Number.POSITIVE_INFINITY : Math.abs(time - before.lastAt);
  if (before === undefined || gap >= SESSION_GAP_MS) {
    const session = Math.floor(time / 1000);
    visits.set(visitorId, { visitorId, session, lastAt: time });
    return { session, engagement: 1 };
  }
  const engagement = Math.max(1, time - before.lastAt);
  visits.set(visitorId, { ...before, lastAt: Math.max(before.lastAt, time) });
  return { session: before.session, engagement };
}

function eventOf({ time, host, path, query, referrer }: Ga4PageView, { session, engagement }: Told): object {
  const location = `https://${host}${path.startsWith('/') ? path : `/${path}`}${query === '' ? '' : `?${query}`}`;
  return {
    name: 'page_view',
    timestamp_micros: time * 1000,
    params: {
      session_id: String(session),
      engagement_time_msec: engagement,
      page_location: cut(location, LONGEST_LOCATION),
      ...(referrer === '' ? {} : { page_referrer: cut(referrer, LONGEST_REFERRER) }),
    },
  };
}

/** Cut between characters, never inside one. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

function bodyOf({ visitorId, time, marketing }: Ga4PageView, measurementId: string, events: readonly string[]): string {
  const choice = marketing ? 'GRANTED' : 'DENIED';
  const head = {
    client_id: clientIdOf(visitorId, measurementId),
    timestamp_micros: time * 1000,
    consent: { ad_user_data: choice, ad_personalization: choice },
  };
  return `${JSON.stringify(head).slice(0, -1)},"events":[${events.join(',')}]}`;
}
