import { addChip, type Chip } from '../model/chip.ts';
import { pathOf, withParameters } from '../model/place.ts';
import { formatView, parseView } from '../model/view.ts';
import { useSearch } from './location.ts';
import { useView } from './view-context.ts';

/** What makes the address at which the explorer breaks down what is shown here, in the same window and by the same filters. */
export function useExploreAddress(): (by: string, also?: readonly Chip[]) => string {
  const { range, chips, exact } = useView();
  const { tenant } = parseView(useSearch());
  return (by, also = []) => {
    const view = {
      tenant,
      range,
      exact,
      chips: also.reduce<readonly Chip[]>((all, chip) => addChip(all, chip), chips),
    };
    return pathOf('explore') + formatView(view, withParameters('', { by }));
  };
}
