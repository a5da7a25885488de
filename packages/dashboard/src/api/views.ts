import { useQuery } from '@tanstack/react-query';
import type { NewView, SavedView, ViewChange } from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { addressOf, getWhole } from './asked.ts';
import { sendDelete, sendJson } from './client.ts';
import { useTenantChange } from './managed.ts';

const PATH = '/api/v1/views';

/** All saved views that the viewer sees in the tenant of the screen: their own, and what is shared; by name. */
export function useSavedViews(enabled = true) {
  const { tenant } = useView();
  return useQuery({
    queryKey: ['asked', tenant.id, PATH],
    queryFn: async ({ signal }) => {
      const { views } = await getWhole<'views', SavedView>(PATH, { tenant: tenant.id }, 'views', signal);
      return views.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
    },
    enabled,
  });
}

/** Saves a view; a Problem `name-taken` when there is one of that name, `too-many-views` when there are enough. */
export const useSaveView = () =>
  useTenantChange((tenant, view: NewView) => sendJson<SavedView>('POST', addressOf(PATH, tenant), view));

export const useChangeView = () =>
  useTenantChange((tenant, { id, ...change }: ViewChange & { id: string }) =>
    sendJson<SavedView>('PATCH', addressOf(`${PATH}/${id}`, tenant), change),
  );

/** Deletes a view. What undoes it is saving it again, under a new id. */
export const useDeleteView = () =>
  useTenantChange((tenant, id: string) => sendDelete(addressOf(`${PATH}/${id}`, tenant)));
