import { useState } from 'react';
import { wrongFilters } from '../api/client.ts';
import { useLiveTail } from '../api/live.ts';
import { useTotals } from '../api/queries.ts';
import { clockSeconds } from '../model/times.ts';
import { FilterBar } from '../parts/filter-bar.tsx';
import { ClassSwitch } from '../parts/live/class-switch.tsx';
import { LiveEmpty } from '../parts/live/live-empty.tsx';
import { LiveHead } from '../parts/live/live-head.tsx';
import { LiveList } from '../parts/live/live-list.tsx';
import { LiveSayer } from '../parts/live/live-sayer.tsx';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { WrongFilters } from '../parts/wrong-filters.tsx';
import { useSpaceKey } from '../state/space-key.ts';
import { showToast } from '../state/toasts.ts';
import { live as words } from '../text.ts';
import '../styles/explore.css';
import '../styles/live.css';

/** Requests as they come in, with the filters of the other screens. */
export default function Live() {
  const live = useLiveTail();
  const totals = useTotals();
  const [paused, setPaused] = useState(false);
  useSpaceKey(() => setPaused(!paused));
  const { state, tail, gap } = live;
  const refused = state.kind === 'refused' ? state.error : null;
  const wrong = wrongFilters(refused ?? totals.error);
  const clear = () => showToast(words.cleared, { undo: live.clear() });
  return (
    <>
      <LiveHead state={state} paused={paused} onPause={setPaused} onRetry={live.retry} onClear={clear} />
      <LiveSayer state={state} paused={paused} came={tail.came} />
      <FilterBar wrong={wrong ?? []} of={words.lastHour} />
      {wrong !== null ? (
        <WrongFilters errors={wrong} />
      ) : refused !== null ? (
        <ErrorState error={refused} onRetry={live.retry} />
      ) : (
        <>
          <div className="live-who">
            <ClassSwitch />
          </div>
          {gap !== null && (
            <p className="stale-note" role="status">
              {words.gap(clockSeconds(gap.from), clockSeconds(gap.to))}
            </p>
          )}
          <LiveList live={live} paused={paused} onGoOn={() => setPaused(false)} empty={<LiveEmpty tail={tail} />} />
        </>
      )}
    </>
  );
}
