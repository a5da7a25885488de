import type { InteractionKind } from '@vedette/contract';
import { random } from './sample-traffic.ts';

/** One event of a page, as the hub would have it: a path and a visitor only of people who granted. */
export interface PageEvent {
  time: number;
  kind: InteractionKind;
  /** '' of whoever did not grant. */
  path: string;
  /** What the requests tell, which sessions are derived from. */
  page: string;
  name: string;
  value: number | null;
  /** null of whoever did not grant. */
  visitor: string | null;
  class: 'people' | 'bots' | 'hosting';
  country: string;
  device: string;
  domain: string;
  referrer: string;
}

const PATHS = [
  '/',
  '/',
  '/products',
  '/products/lantern',
  '/pricing',
  '/blog/a-sentry-ahead-of-the-outposts',
  '/signup',
];
const WIDGETS: Record<string, string> = {
  '/': 'hero-try-it',
  '/pricing': 'sign-up',
  '/products/lantern': 'add-to-basket',
  '/blog/a-sentry-ahead-of-the-outposts': 'newsletter-in-the-footer-of-every-article-with-a-rather-long-name',
};
const VITALS = { LCP: 2100, INP: 230, CLS: 0.04, FCP: 1400, TTFB: 900 };
const REFERRERS = ['', '', 'https://www.google.com/', 'https://news.example.com/', 'https://duckduckgo.com/'];

/** What people did in pages in the days before `end`: visits of some pages each, of whom two in five granted. */
export function samplePages(visits: number, days: number, end: number, seed = 11): PageEvent[] {
  const next = random(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  const events: PageEvent[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const person = Math.floor(next() * visits * 0.6);
    const granted = person % 5 < 2;
    let time = end - Math.floor(next() ** 1.2 * days * 86_400_000);
    const about = {
      visitor: granted ? `v${person}` : null,
      class: next() < 0.94 ? ('people' as const) : next() < 0.5 ? ('bots' as const) : ('hosting' as const),
      country: pick(['DE', 'DE', 'US', 'FR', 'GB', 'AT', '']),
      device: pick(['Desktop', 'Mobile', 'Mobile', 'Tablet']),
      domain: pick(['www.example.org', 'www.example.org', 'shop.example.org']),
      referrer: pick(REFERRERS),
    };
    const tell = (kind: InteractionKind, path: string, name = '', value: number | null = null) =>
      events.push({ ...about, time, kind, path: granted ? path : '', page: path, name, value });
    if (!granted) tell('banner', '/');
    const pages = 1 + Math.floor(next() ** 2 * 6);
    for (let page = 0; page < pages && time < end; page++) {
      const path = pick(PATHS);
      tell('page_view', path);
      for (const [name, usual] of Object.entries(VITALS)) {
        if (next() < 0.7) tell('vital', path, name, usual * (0.4 + next() * 1.1));
      }
      const widget = WIDGETS[path];
      if (widget !== undefined && next() < 0.35) tell('click', path, widget);
      if (next() < 0.08) tell('outbound', path, pick(['github.com', 'partner.example.com', 'docs.example.net']));
      if (next() < 0.02) tell('error', path);
      if (path === '/signup' && next() < 0.5) tell('custom', path, 'signed-up');
      time += 15_000 + Math.floor(next() * 150_000);
    }
  }
  return events.sort((a, b) => a.time - b.time);
}
