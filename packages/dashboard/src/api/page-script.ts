import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { BrowserSnippet, InteractionsAnswer } from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { addressOf, windowParameters } from './asked.ts';
import { getJson } from './client.ts';

const ASK_MS = 5000;
const SPAN_MS = 7_200_000;

/** The tag for a site; not asked while there is no host. */
export function useSnippet(host: string | undefined) {
  return useQuery({
    queryKey: ['snippet', host],
    queryFn: ({ signal }) =>
      getJson<BrowserSnippet>(`/browser/snippet?${new URLSearchParams({ domain: host ?? '' })}`, signal),
    enabled: host !== undefined,
    placeholderData: keepPreviousData,
  });
}

/** How many page views of people arrived in the last two hours; asked again while somebody waits for the first. */
export function useRecentPageViews() {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['asked', tenant.id, 'recent page views'],
    queryFn: async ({ signal }) => {
      const window = windowParameters({ from: Date.now() - SPAN_MS, to: Date.now() + 60_000 });
      const address = addressOf('/api/v1/interactions', tenant.id, {
        ...window,
        by: 'kind',
        kind: 'page_view',
        class: 'people',
      });
      return (await getJson<InteractionsAnswer>(address, signal)).total.count;
    },
    refetchInterval: ASK_MS,
  });
}
