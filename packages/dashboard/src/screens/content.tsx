import { wrongFilters } from '../api/client.ts';
import { useTotals, useUnfiltered } from '../api/queries.ts';
import { count } from '../api/traffic.ts';
import { DEFAULT_CHIPS } from '../model/chip.ts';
import { full } from '../model/format.ts';
import { periodIn } from '../model/times.ts';
import { isDefault } from '../model/view.ts';
import { Figures } from '../parts/figures.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Places } from '../parts/places.tsx';
import { TabbedLists } from '../parts/tabbed-lists.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { TopLists } from '../parts/top-lists.tsx';
import { WindowLine } from '../parts/window-line.tsx';
import { WrongFilters } from '../parts/wrong-filters.tsx';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

const PLACES = ['country', 'region', 'city'];

/** The figures, or, when there are none for this window and these filters, what to do about it. */
export function Content() {
  const totals = useTotals();
  const none = totals.data !== undefined && !totals.isPlaceholderData && count(totals.data.rows[0], 'requests') === 0;
  const wrong = wrongFilters(totals.error);
  if (wrong !== null) {
    return (
      <>
        <FilterBar wrong={wrong} />
        <WrongFilters errors={wrong} />
      </>
    );
  }
  return (
    <>
      <FilterBar wrong={[]} />
      <WindowLine />
      <Figures />
      {none ? (
        <NothingHere />
      ) : (
        <>
          <Timeline />
          <div className="places-row">
            <Places />
            <TabbedLists group="places" fields={PLACES} />
          </div>
          <TopLists />
        </>
      )}
    </>
  );
}

function NothingHere() {
  const { chips, window, span, setChips, setRange } = useView();
  const unfiltered = useUnfiltered();
  const others = chips.length === 0 ? 0 : count(unfiltered.data?.rows[0], 'requests');
  const filtered = others > 0 && !isDefault(chips);
  return (
    <section className="panel nothing">
      <h2>{filtered ? text.empty.filteredTitle : text.empty.windowTitle}</h2>
      <p className="muted">
        {filtered ? text.empty.filteredLead(full(others)) : text.empty.windowLead(periodIn(window.from, window.to))}
      </p>
      {filtered && (
        <button type="button" className="button primary" onClick={() => setChips(DEFAULT_CHIPS)}>
          {text.empty.clear}
        </button>
      )}
      {span !== null && (span.window.from < window.from || span.window.to >= window.to) && (
        <>
          <p>{text.empty.elsewhere(full(span.requests), periodIn(span.window.from, span.window.to + 1))}</p>
          <button
            type="button"
            className={filtered ? 'button' : 'button primary'}
            onClick={() => setRange({ kind: 'preset', preset: 'all' })}
          >
            {text.empty.jump}
          </button>
        </>
      )}
    </section>
  );
}
