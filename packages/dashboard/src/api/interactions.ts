import { useQuery } from '@tanstack/react-query';
import type {
  FunnelAnswer,
  FunnelQuestion,
  InteractionBy,
  InteractionKind,
  InteractionsAnswer,
  SessionBy,
  SessionsAnswer,
  TrafficAnswer,
  WidgetsAnswer,
} from '@vedette/contract';
import type { Funnel } from '../model/funnel.ts';
import { type InteractionsView, scopeOf } from '../model/interactions-view.ts';
import { useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { addressOf, useWindowAsked, windowParameters } from './asked.ts';
import { getJson, sendJson } from './client.ts';
import { rangeName } from './queries.ts';

/** What the address narrows the screen to. */
export function useScope(): InteractionsView {
  return useScreenSearch('interactions');
}

/** Interactions of the window, of a kind or of all, by something. */
export function useInteractions(by: InteractionBy, kind: InteractionKind | '', limit: number) {
  return useWindowAsked<InteractionsAnswer>('/api/v1/interactions', { by, kind, limit, ...scopeOf(useScope()) });
}

export function useWidgets() {
  return useWindowAsked<WidgetsAnswer>('/api/v1/interactions/widgets', { domain: useScope().domain });
}

export function useSessions(by: SessionBy, limit: number) {
  return useWindowAsked<SessionsAnswer>('/api/v1/sessions', { by, limit, domain: useScope().domain });
}

/** How far people came in a funnel; asked once there is one. */
export function useFunnel(funnel: Funnel | null) {
  const view = useView();
  const { domain } = useScope();
  const { tenant, window } = view;
  return useQuery({
    queryKey: ['asked', tenant.id, 'funnel', JSON.stringify({ funnel, domain }), rangeName(view)],
    queryFn: ({ signal }) => {
      const question: FunnelQuestion = {
        ...windowParameters(window),
        ...(domain !== '' && { domain }),
        within_minutes: funnel?.within ?? 1,
        steps: [...(funnel?.steps ?? [])],
      };
      return sendJson<FunnelAnswer>('POST', addressOf('/api/v1/interactions/funnel', tenant.id), question, signal);
    },
    enabled: funnel !== null,
  });
}

/** The sites that sent anything lately, to choose from: by requests and by what their pages tell. */
export function useSites() {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['asked', tenant.id, 'sites'],
    queryFn: async ({ signal }) => {
      const window = windowParameters({ from: Date.now() - 30 * 86_400_000, to: Date.now() + 60_000 });
      const asked = { ...window, metrics: 'requests', by: 'domain', where: 'origin!=self', limit: 100 };
      const { rows } = await getJson<TrafficAnswer>(addressOf('/api/v1/traffic', tenant.id, asked), signal);
      return rows.map(({ domain }) => String(domain ?? '')).filter((domain) => domain !== '');
    },
    staleTime: 300_000,
  });
}
