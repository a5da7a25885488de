import {
  type FunnelFigures,
  type FunnelQuery,
  type FunnelStep,
  type WidgetFigures,
  type WidgetQuery,
  windowOf,
} from '../model/interaction-query.ts';
import type { Run } from './interactions.ts';
import { filterSql, type Horizons, mine, readCounts, rowWindow, wholeHours } from './interactions-figures.ts';
import { type Binder, createBinder, likePattern } from './requests-fields.ts';

/**
 * Clicks by widget, of people. All of them are counted; how many of those who saw its page clicked it is known of people
 * who granted only. Who clicked on a page saw it, also where the view is not told.
 */
export async function readWidgets(
  query: WidgetQuery,
  tenantId: string,
  run: Run,
  horizons: Horizons,
): Promise<WidgetFigures> {
  const people = { ...query, ...wholeHours(query), class: 'people' as const };
  const clicks = await readCounts({ ...people, kind: 'click' }, 'name', tenantId, run, horizons);
  const binder = createBinder();
  const scope = (kinds: string) =>
    [
      mine(tenantId, binder),
      ...filterSql({ domain: query.domain, class: 'people' }, binder),
      rowWindow(people, binder),
      "visitor_id != ''",
      kinds,
    ].join(' AND ');
  const rates = await run<{ name: string; clicked: number; saw: number }>(
    `SELECT click.name AS name, any(click.clicked) AS clicked, uniqExact(view.visitor_id) AS saw
    FROM (
      SELECT name, page.1 AS domain, page.2 AS path, clicked FROM (
        SELECT toString(name) AS name, uniqExact(visitor_id) AS clicked,
          groupUniqArray(10000)((toString(domain), toString(path))) AS pages
        FROM interactions WHERE ${scope("kind = 'click'")} GROUP BY name
      ) ARRAY JOIN pages AS page
    ) AS click
    INNER JOIN (
      SELECT DISTINCT domain, path, visitor_id FROM interactions WHERE ${scope("kind IN ('page_view', 'click')")}
    ) AS view ON view.domain = click.domain AND view.path = click.path
    GROUP BY name`,
    binder,
  );
  const known = new Map(rates.map((row) => [row.name, row]));
  return {
    window: windowOf(people),
    widgets: clicks.map(({ key, count, consented }) => {
      const { clicked = 0, saw = 0 } = known.get(key) ?? {};
      return {
        name: key,
        clicks: count,
        consented_clicks: consented,
        visitors: clicked,
        page_visitors: saw,
        rate: saw === 0 ? null : clicked / saw,
      };
    }),
  };
}

/** How far people who granted came: each step after the one before, the last within the time from the first. */
export async function readFunnel(query: FunnelQuery, tenantId: string, run: Run): Promise<FunnelFigures> {
  const binder = createBinder();
  const steps = query.steps.map((step) => stepSql(step, binder));
  const conditions = [
    mine(tenantId, binder),
    ...filterSql({ domain: query.domain, class: 'people' }, binder),
    rowWindow(query, binder),
    "visitor_id != ''",
    `(${steps.join(' OR ')})`,
  ];
  const levels = await run<{ level: number; people: number }>(
    `SELECT level, count() AS people FROM (
      SELECT visitor_id,
        windowFunnel(${Math.trunc(query.withinMs)}, 'strict_increase')(toUInt64(toUnixTimestamp64Milli(time)), ${steps.join(', ')}) AS level
      FROM interactions WHERE ${conditions.join(' AND ')} GROUP BY visitor_id
    ) WHERE level > 0 GROUP BY level`,
    binder,
  );
  const reached = query.steps.map((_, step) =>
    levels.reduce((sum, { level, people }) => (level > step ? sum + people : sum), 0),
  );
  const [first = 0] = reached;
  return {
    window: windowOf(query),
    steps: query.steps.map(({ kind, match }, step) => {
      const visitors = reached[step] ?? 0;
      return { kind, match, visitors, share: first === 0 ? null : visitors / first };
    }),
  };
}

function stepSql({ kind, match }: FunnelStep, binder: Binder): string {
  const is = `kind = ${binder.bind(kind, 'String')}`;
  if (kind !== 'page_view') return `(${is} AND name = ${binder.bind(match, 'String')})`;
  if (!match.includes('*')) return `(${is} AND path = ${binder.bind(match, 'String')})`;
  return `(${is} AND path LIKE ${binder.bind(likePattern(match), 'String')})`;
}
