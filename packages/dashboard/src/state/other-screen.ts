import { type FilteredScreen, pathOf } from '../model/place.ts';
import type { Range } from '../model/range.ts';
import { formatView, parseView } from '../model/view.ts';
import { useSearch } from './location.ts';

/** The address of another screen with the filters of the one that is shown. */
export function useSameFilters(): (screen: FilteredScreen, range?: Range) => string {
  const search = useSearch();
  return (screen, range = { kind: 'auto' }) => {
    const { tenant, chips } = parseView(search);
    return pathOf(screen) + formatView({ tenant, chips, range, exact: false });
  };
}
