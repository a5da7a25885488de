import type {
  FunnelAnswer,
  FunnelQuestion,
  FunnelStep,
  InteractionRow,
  InteractionsAnswer,
  SessionRow,
  SessionsAnswer,
  WidgetsAnswer,
} from '@vedette/contract';
import type { PageEvent } from './sample-pages.ts';

const STEPS: Record<string, number> = { hour: 3_600_000, day: 86_400_000 };
const GAP_MS = 1_800_000;
const LATENESS_MS = 7_200_000;
const HOUR = 3_600_000;

interface Span {
  from: number;
  to: number;
}

const shown = ({ from, to }: Span) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

/** The window of a question, widened to whole hours as the hub does. */
function spanOf(parameters: URLSearchParams): Span {
  const time = (name: string) => Date.parse(parameters.get(name) ?? '');
  return { from: Math.floor(time('from') / HOUR) * HOUR, to: Math.ceil(time('to') / HOUR) * HOUR };
}

function within(events: readonly PageEvent[], span: Span, domain: string | null): PageEvent[] {
  return events.filter(
    (event) => event.time >= span.from && event.time < span.to && (domain === null || event.domain === domain),
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}

const different = (events: readonly PageEvent[]) =>
  new Set(events.flatMap(({ visitor }) => (visitor === null ? [] : [visitor]))).size;

/** GET /api/v1/interactions. */
export function answerInteractions(events: readonly PageEvent[], parameters: URLSearchParams): InteractionsAnswer {
  const span = spanOf(parameters);
  const by = (parameters.get('by') ?? 'kind') as InteractionsAnswer['by'];
  const [kind, name, of] = ['kind', 'name', 'class'].map((parameter) => parameters.get(parameter));
  const matching = within(events, span, parameters.get('domain')).filter(
    (event) => (!kind || event.kind === kind) && (!name || event.name === name) && (!of || event.class === of),
  );
  const keyOf = (event: PageEvent): string => {
    const step = STEPS[by];
    if (step !== undefined) return new Date(Math.floor(event.time / step) * step).toISOString();
    return by === 'device_type' ? event.device : String(event[by as 'kind' | 'name' | 'path' | 'country' | 'class']);
  };
  const rows = grouped(matching, keyOf).map(([key, group]) => rowOf(key, group));
  rows.sort((a, b) => (by in STEPS ? a.key.localeCompare(b.key) : b.count - a.count));
  const consented = matching.filter(({ visitor }) => visitor !== null).length;
  return {
    window: shown(span),
    by,
    total: { count: matching.length, consented },
    rows: rows.slice(0, Number(parameters.get('limit') ?? 100)),
  };
}

function rowOf(key: string, group: readonly PageEvent[]): InteractionRow {
  const values = group.flatMap(({ value }) => (value === null ? [] : [value])).sort((a, b) => a - b);
  const at = (share: number) => values[Math.floor(values.length * share)] ?? null;
  return {
    key,
    count: group.length,
    consented: group.filter(({ visitor }) => visitor !== null).length,
    visitors: different(group),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
  };
}

/** GET /api/v1/interactions/widgets. */
export function answerWidgets(events: readonly PageEvent[], parameters: URLSearchParams): WidgetsAnswer {
  const span = spanOf(parameters);
  const matching = within(events, span, parameters.get('domain'));
  const clicks = matching.filter(({ kind }) => kind === 'click');
  const widgets = grouped(clicks, ({ name }) => name).map(([name, group]) => {
    const pages = new Set(group.map(({ path }) => path));
    const saw = different(matching.filter(({ kind, path }) => kind === 'page_view' && path !== '' && pages.has(path)));
    const visitors = different(group);
    const consented = group.filter(({ visitor }) => visitor !== null).length;
    return {
      name,
      clicks: group.length,
      consented_clicks: consented,
      visitors,
      page_visitors: saw,
      rate: saw > 0 ? visitors / saw : null,
    };
  });
  return { window: shown(span), widgets: widgets.sort((a, b) => b.clicks - a.clicks) };
}

/** POST /api/v1/interactions/funnel: the furthest that each person came from any of their first steps. */
export function answerFunnel(events: readonly PageEvent[], question: FunnelQuestion): FunnelAnswer {
  const span = { from: Date.parse(question.from), to: Date.parse(question.to) };
  const known = within(events, span, question.domain ?? null).filter(({ visitor }) => visitor !== null);
  const reached = question.steps.map(() => 0);
  for (const [, own] of grouped(known, ({ visitor }) => visitor ?? '')) {
    const furthest = Math.max(0, ...own.map((_, index) => stepsFrom(own, index, question)));
    for (let step = 0; step < furthest; step++) reached[step] = (reached[step] ?? 0) + 1;
  }
  const first = reached[0] ?? 0;
  return {
    window: shown(span),
    steps: question.steps.map((step, index) => ({
      ...step,
      visitors: reached[index] ?? 0,
      share: first > 0 ? (reached[index] ?? 0) / first : null,
    })),
  };
}

function stepsFrom(
  own: readonly PageEvent[],
  start: number,
  { steps, within_minutes: minutes }: FunnelQuestion,
): number {
  const begin = own[start]?.time ?? 0;
  let step = 0;
  for (const event of own.slice(start)) {
    const wanted = steps[step];
    if (wanted === undefined || event.time - begin > minutes * 60_000) break;
    if (matches(event, wanted)) step++;
    else if (step === 0) return 0;
  }
  return step;
}

function matches(event: PageEvent, { kind, match }: FunnelStep): boolean {
  if (event.kind !== kind) return false;
  if (kind !== 'page_view') return event.name === match;
  const pattern = match.split('*').map((piece) => piece.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(event.path);
}

interface Session {
  granted: boolean;
  visitor: string;
  begin: number;
  end: number;
  pages: readonly PageEvent[];
}

/** GET /api/v1/sessions, of page views that are two hours old. Those who did not grant are told apart by the day. */
export function answerSessions(events: readonly PageEvent[], parameters: URLSearchParams, now: number): SessionsAnswer {
  const span = spanOf(parameters);
  const by = (parameters.get('by') ?? 'day') as SessionsAnswer['by'];
  const views = within(events, span, parameters.get('domain')).filter(
    ({ kind, class: of, time }) => kind === 'page_view' && of === 'people' && time < now - LATENESS_MS,
  );
  const sessions = sessionsOf(views);
  const keyOf = ({ begin, pages }: Session): string => {
    const [first, last] = [pages[0], pages.at(-1)];
    if (by === 'day') return new Date(Math.floor(begin / 86_400_000) * 86_400_000).toISOString();
    if (by === 'entry') return first?.page ?? '';
    if (by === 'exit') return last?.page ?? '';
    return (by === 'device_type' ? first?.device : first?.[by]) ?? '';
  };
  const rows = grouped(sessions, keyOf).map(([key, group]) => sessionRow(key, group));
  return {
    window: shown(span),
    derived_until: events.length === 0 ? null : new Date(Math.floor((now - LATENESS_MS) / HOUR) * HOUR).toISOString(),
    by,
    total: sessionRow('', sessions),
    rows: rows.sort((a, b) => b.sessions - a.sessions).slice(0, Number(parameters.get('limit') ?? 100)),
  };
}

function sessionsOf(views: readonly PageEvent[]): Session[] {
  const keyOf = ({ visitor, time, country, device }: PageEvent) =>
    visitor ?? `daily ${Math.floor(time / 86_400_000)} ${country} ${device} ${Math.floor(time / GAP_MS)}`;
  return grouped(views, keyOf).flatMap(([visitor, own]) => {
    const sessions: { pages: PageEvent[] }[] = [];
    for (const view of own) {
      const last = sessions.at(-1)?.pages.at(-1);
      if (last === undefined || view.time - last.time > GAP_MS) sessions.push({ pages: [view] });
      else sessions.at(-1)?.pages.push(view);
    }
    return sessions.map(({ pages }) => ({
      granted: pages[0]?.visitor !== null,
      visitor,
      begin: pages[0]?.time ?? 0,
      end: pages.at(-1)?.time ?? 0,
      pages,
    }));
  });
}

function sessionRow(key: string, sessions: readonly Session[]): SessionRow {
  const people = (granted: boolean) =>
    new Set(sessions.filter((session) => session.granted === granted).map(({ visitor }) => visitor)).size;
  const count = sessions.length;
  const lengths = sessions.map(({ begin, end }) => (end - begin) / 1000).sort((a, b) => a - b);
  return {
    key,
    sessions: count,
    visitors: people(true),
    daily_visitors: people(false),
    bounce_rate: count > 0 ? sessions.filter(({ pages }) => pages.length === 1).length / count : null,
    pages_per_session: count > 0 ? sessions.reduce((sum, { pages }) => sum + pages.length, 0) / count : null,
    duration_p50: lengths[Math.floor(count / 2)] ?? null,
  };
}
