import { type Filter, parseFilter } from '../model/filter.ts';
import type { OwnFigure, OwnFigures } from '../model/integration.ts';
import type { TrafficQuery, TrafficRow } from '../model/traffic-query.ts';
import type { TenantRequests } from '../stores/requests.ts';

/** What a page loads is no page. */
const ASSETS =
  '*.css,*.js,*.mjs,*.map,*.json,*.xml,*.txt,*.png,*.jpg,*.jpeg,*.gif,*.webp,*.avif,*.svg,*.ico,*.woff,*.woff2,*.ttf,' +
  '*.mp4,*.webm,*.mp3,*.pdf,*.zip';
const PAGES: readonly Filter[] = ['class=people', 'method=GET', 'status<400', `path!=${ASSETS}`].map(filter);
const MOST_DAYS = 400;

/**
 * The hub's own figures from the requests it keeps: what people fetched without error that is no asset, and different
 * visitors, who count anew each day unless they granted. Sessions are not known from requests alone.
 */
export function createOwnFigures(
  requestsOf: (tenantId: string) => Pick<TenantRequests, 'traffic'>,
  now: () => number = Date.now,
): OwnFigures {
  async function ask(tenantId: string, from: number, to: number, by: TrafficQuery['by']): Promise<TrafficRow[]> {
    const until = Math.min(to, now());
    if (until <= from) return [];
    const answer = await requestsOf(tenantId).traffic({
      from,
      to: until,
      metrics: ['requests', 'uniques'],
      by,
      where: PAGES,
      limit: MOST_DAYS,
    });
    return answer.rows;
  }
  return {
    async byDay(tenantId, from, to) {
      const rows = await ask(tenantId, from, to, ['day']);
      return new Map(rows.map((row) => [String(row.day).slice(0, 10), figureOf(row)]));
    },
    async total(tenantId, from, to) {
      const [row] = await ask(tenantId, from, to, []);
      return figureOf(row ?? { requests: 0, uniques: 0 });
    },
  };
}

function figureOf({ requests, uniques }: TrafficRow): OwnFigure {
  return { pageViews: Number(requests ?? 0), visitors: Number(uniques ?? 0), sessions: null };
}

function filter(text: string): Filter {
  const parsed = parseFilter(text);
  if ('refused' in parsed) throw new Error(parsed.detail);
  return parsed;
}
