import type { InteractionKind } from '@vedette/contract';
import { randomId } from './random-id.ts';

/** What happened in the page, until it is sent. */
export interface PageEvent {
  id: string;
  kind: InteractionKind;
  /** ms since the epoch, by the clock of this machine; only its distance to the sending leaves it. */
  at: number;
  path: string;
  query: string;
  referrer: string;
  name: string | undefined;
  value: number | undefined;
  /** Whether nobody was to be recognised when it happened; a later grant does not reach back to it. */
  refused: boolean;
}

/** What is known of the person when events are sent. */
export interface Sender {
  domain: string;
  choices: { analytical: boolean; marketing: boolean } | undefined;
  visitor: string | undefined;
  gpc: boolean;
  dnt: boolean;
}

const MOST_TEXT = 1000;
const MOST_NAME = 120;
const MOST_AGE_MS = 86_400_000;
/** With texts of at most 1,000 letters, so many stay below what a beacon may carry (64 KiB). */
export const MOST_EVENTS = 15;

export type NewEvent = Pick<PageEvent, 'kind' | 'path' | 'refused'> &
  Partial<Pick<PageEvent, 'query' | 'referrer' | 'name' | 'value'>>;

/** An event as of now, its texts cut to what the hub takes. */
export function createEvent({ kind, path, query = '', referrer = '', name, value, refused }: NewEvent): PageEvent {
  return {
    id: randomId(),
    kind,
    at: Date.now(),
    path: path.slice(0, MOST_TEXT),
    query: query.slice(0, MOST_TEXT),
    referrer: referrer.slice(0, MOST_TEXT),
    name: name === undefined ? undefined : String(name).slice(0, MOST_NAME),
    value: typeof value === 'number' && Math.abs(value) <= 1e12 ? value : undefined,
    refused,
  };
}

/** The first events that can travel together: no more than 15, and none that was refused beside one that was not. */
export function firstBatch(events: readonly PageEvent[]): PageEvent[] {
  const end = events.findIndex(({ refused }) => refused !== events[0]?.refused);
  return events.slice(0, Math.min(MOST_EVENTS, end < 0 ? MOST_EVENTS : end));
}

/**
 * The body of POST /api/v1/interactions. Query and referrer are told only of people who granted; so is the visitor's id.
 */
export function beaconText(events: readonly PageEvent[], { domain, choices, visitor, gpc, dnt }: Sender): string {
  const granted = choices?.analytical === true && !events[0]?.refused;
  const now = Date.now();
  const list = events.map(({ id, kind, at, path, query, referrer, name, value }) =>
    JSON.stringify({
      id,
      kind,
      age: Math.min(Math.max(now - at, 0), MOST_AGE_MS),
      path,
      query: (granted && query) || undefined,
      referrer: (granted && referrer) || undefined,
      name,
      value,
    }),
  );
  const head = JSON.stringify({
    domain,
    choices: choices && { ...choices, analytical: granted },
    visitor_id: granted ? visitor : undefined,
    gpc: gpc || undefined,
    dnt: dnt || undefined,
  });
  // Some old libraries teach arrays a toJSON of their own, which makes a text of a list.
  return `${head.slice(0, -1)},"events":[${list.join()}]}`;
}
