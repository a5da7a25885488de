import { randomBytes } from 'node:crypto';
import { parseBounded } from '../model/bounded-json.ts';
import type { FieldErrors, PlausibleEvent, RawInteraction } from '../model/interaction.ts';
import { hostOf, plainName } from './beacon.ts';

const MOST_NAME = 120;
const MOST_TEXT = 2000;
const MOST_SITES = 10;
/** How long somebody looked at a page; a name of Plausible's own. */
const ENGAGEMENT = 'engagement';
const OUTBOUND = 'Outbound Link: Click';

/**
 * The body of Plausible's POST /api/event (https://plausible.io/docs/events-api; lib/plausible/ingestion/request.ex):
 * n or name, u or url, d or domain (by comma for several sites), r or referrer, and m, meta, p or props. What is wrong
 * is told as Plausible tells it. Only a link's host is taken of the properties, and no revenue; `interactive` matters to
 * bounces that Plausible counts, not to what is kept here. An event has no id there, so that one that is sent again
 * counts again.
 */
export function readPlausible(body: Buffer): PlausibleEvent | FieldErrors {
  const parsed = parseBounded(body.toString('utf8'));
  const fields = 'error' in parsed ? null : parsed.json;
  if (fields === null || typeof fields !== 'object' || Array.isArray(fields)) {
    return { errors: { request: ['Unable to parse request body as json'] } };
  }
  const wire = fields as Record<string, unknown>;
  const errors: Record<string, string[]> = {};
  const name = wire['n'] ?? wire['name'];
  const page = readPage(wire['u'] ?? wire['url'], errors);
  if (typeof name !== 'string' || name.trim() === '') errors['event_name'] = ["can't be blank"];
  else if (name.length > MOST_NAME) errors['event_name'] = [`should be at most ${MOST_NAME} character(s)`];
  const sites = readSites(wire['d'] ?? wire['domain'], page?.host ?? '', errors);
  const referrer = wire['r'] ?? wire['referrer'];
  if (typeof referrer === 'string' && referrer.length > MOST_TEXT) {
    errors['referrer'] = [`should be at most ${MOST_TEXT} character(s)`];
  }
  if (page !== null && page.path.length > MOST_TEXT) {
    errors['pathname'] = [`should be at most ${MOST_TEXT} character(s)`];
  }
  if (Object.keys(errors).length > 0 || page === null || typeof name !== 'string') return { errors };
  return {
    sites,
    host: page.host,
    event:
      name === ENGAGEMENT ? null : toEvent(name, page, typeof referrer === 'string' ? referrer : '', propsOf(wire)),
  };
}

function toEvent(
  name: string,
  { path, query }: Page,
  referrer: string,
  props: Record<string, unknown>,
): RawInteraction {
  const link = name === OUTBOUND && typeof props['url'] === 'string' ? hostOf(props['url'].slice(0, MOST_TEXT)) : '';
  const common = {
    id: randomBytes(16).toString('hex'),
    age: 0,
    path,
    query: query.slice(0, MOST_TEXT),
    referrer,
    value: null,
  };
  if (name === 'pageview') return { ...common, kind: 'page_view', name: '' };
  if (link !== '') return { ...common, kind: 'outbound', name: link };
  return { ...common, kind: 'custom', name: plainName(name) };
}

interface Page {
  /** '' where the URL has none. */
  host: string;
  path: string;
  query: string;
}

function readPage(value: unknown, errors: Record<string, string[]>): Page | null {
  if (value === undefined || value === null) errors['url'] = ['is required'];
  else if (typeof value !== 'string') errors['url'] = ['must be a string'];
  else if (/^\s*data:/i.test(value)) errors['url'] = ['scheme is not allowed'];
  else if (URL.canParse(value)) {
    const { hostname, pathname, search } = new URL(value);
    return { host: hostname.toLowerCase(), path: pathname === '' ? '/' : pathname, query: search.slice(1) };
  } else {
    // Apps send a path alone, of a host that is not said.
    const [, path = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(value) ?? [];
    return { host: '', path: path === '' ? '/' : path, query };
  }
  return null;
}

function readSites(value: unknown, host: string, errors: Record<string, string[]>): string[] {
  const text = typeof value === 'string' ? value.trim() : host;
  const sites = text
    .split(',')
    .map((site) => site.trim().toLowerCase())
    .filter((site) => site !== '');
  if (sites.length === 0) errors['domain'] = ["can't be blank"];
  else if (sites.length > MOST_SITES) errors['domain'] = [`should be at most ${MOST_SITES} site(s)`];
  return sites;
}

/** As an object, or as text that holds one: older scripts send it so. */
function propsOf(wire: Record<string, unknown>): Record<string, unknown> {
  const raw = wire['m'] ?? wire['meta'] ?? wire['p'] ?? wire['props'];
  const parsed = typeof raw === 'string' ? parseBounded(raw) : { json: raw };
  const props = 'error' in parsed ? null : parsed.json;
  return props !== null && typeof props === 'object' && !Array.isArray(props) ? (props as Record<string, unknown>) : {};
}
