import { isRanged, withParameters } from '../model/place.ts';
import { formatView, parseView } from '../model/view.ts';
import { palette, explore as words } from '../text.ts';
import { copyString } from './copy.ts';
import { goTo, usePath, useSearch } from './location.ts';
import { showToast } from './toasts.ts';
import { useView } from './view-context.ts';

/**
 * Copies the address of what is shown, for others: it names the tenant, and very times in place of a range that moves. What
 * “the last 24 hours” are when the link is followed is not what is looked at now.
 */
export function useLinkCopy(): () => Promise<void> {
  const { screen, window: shown, tenant } = useView();
  const search = useSearch();
  const path = usePath();
  return async () => {
    const view = { ...parseView(search), tenant: tenant.slug, range: { kind: 'custom' as const, ...shown } };
    const query = isRanged(screen) ? formatView(view, search) : withParameters(search, { tenant: tenant.slug });
    const address = path + query;
    if (await copyString(new URL(address, window.location.href).href)) {
      return showToast(isRanged(screen) ? words.link.copied : palette.copied);
    }
    // A browser that will not copy has it where the person can.
    goTo(address);
    showToast(words.link.inBar);
  };
}
