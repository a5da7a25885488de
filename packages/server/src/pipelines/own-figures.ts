import type { OwnFigure, OwnFigures } from '../model/integration.ts';
import type { TenantInteractions } from '../stores/interactions.ts';
import type { TenantSessions } from '../stores/sessions.ts';

const MOST_DAYS = 400;
const NOTHING: OwnFigure = Object.freeze({ pageViews: 0, visitors: 0, sessions: 0 });

/**
 * The hub's own figures to put beside a provider's: page views, visitors and sessions of people who granted, for a
 * provider is told of no others. Sessions are derived two hours late, so that today's are fewer than they will be.
 */
export function createOwnFigures(
  interactionsOf: (tenantId: string) => Pick<TenantInteractions, 'figures'>,
  sessionsOf: (tenantId: string) => Pick<TenantSessions, 'figures'>,
): OwnFigures {
  async function ask(tenantId: string, from: number, to: number, by: 'day' | 'kind') {
    const [views, sessions] = await Promise.all([
      interactionsOf(tenantId).figures({ from, to, by, kind: 'page_view', class: 'people', limit: MOST_DAYS }),
      sessionsOf(tenantId).figures({ from, to, by: 'day', consent: 'granted', limit: MOST_DAYS }),
    ]);
    return { views, sessions };
  }
  return {
    async byDay(tenantId, from, to) {
      const { views, sessions } = await ask(tenantId, from, to, 'day');
      const days = new Map<string, OwnFigure>();
      for (const { key, consented, visitors } of views.rows) {
        days.set(key.slice(0, 10), { pageViews: consented, visitors, sessions: 0 });
      }
      for (const { key, sessions: count } of sessions.rows) {
        const day = key.slice(0, 10);
        days.set(day, { ...(days.get(day) ?? NOTHING), sessions: count });
      }
      return days;
    },
    async total(tenantId, from, to) {
      const { views, sessions } = await ask(tenantId, from, to, 'kind');
      const { consented: pageViews, visitors } = views.rows[0] ?? { consented: 0, visitors: 0 };
      return { pageViews, visitors, sessions: sessions.total.sessions };
    },
  };
}
