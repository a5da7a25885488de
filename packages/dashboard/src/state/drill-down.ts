import { addChip, type Chip } from '../model/chip.ts';
import { pathOf, withParameters } from '../model/place.ts';
import { formatView, parseView } from '../model/view.ts';
import { goTo, useSearch } from './location.ts';

/** Shows, on the explorer, the single requests that a further condition leaves of those shown: one step for the back button. */
export function useDrillDown(): (chip: Chip) => void {
  const search = useSearch();
  return (chip) => {
    const view = parseView(search);
    const chips = addChip(view.chips, chip);
    goTo(pathOf('explore') + formatView({ ...view, chips }, withParameters(search, { show: 'requests' })));
  };
}
