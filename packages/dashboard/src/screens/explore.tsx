import { useDeferredValue } from 'react';
import { isUnreachable, wrongFilters } from '../api/client.ts';
import { useSpan, useTotals } from '../api/queries.ts';
import { SHOWN } from '../model/explore.ts';
import { isDefault } from '../model/view.ts';
import { BreakdownPanel } from '../parts/explore/breakdown-panel.tsx';
import { ExploreBar } from '../parts/explore/explore-bar.tsx';
import { LinesPanel } from '../parts/explore/lines-panel.tsx';
import { LinkedRequest } from '../parts/explore/linked-request.tsx';
import { RequestsPanel } from '../parts/explore/requests-panel.tsx';
import { ViewsBar } from '../parts/explore/views-bar.tsx';
import { Figures } from '../parts/figures.tsx';
import { FilterBar } from '../parts/filter-bar.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { Tabs } from '../parts/ui/tabs.tsx';
import { WindowLine } from '../parts/window-line.tsx';
import { WrongFilters } from '../parts/wrong-filters.tsx';
import { useChange, useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { explore as words } from '../text.ts';
import { Welcome } from './welcome.tsx';
import '../styles/explore.css';

/** Any question about requests: a figure over time, broken down by any field, compared, down to single requests. */
export default function Explore() {
  return (
    <>
      <Answer />
      <LinkedRequest />
    </>
  );
}

/** What there is to explore, or why there is nothing. */
function Answer() {
  const { tenant, range, chips } = useView();
  const span = useSpan(tenant);
  const all = range.kind === 'preset' && range.preset === 'all';
  if (all && span.isError && span.data === undefined) {
    if (isUnreachable(span.error)) return null;
    return <ErrorState error={span.error} onRetry={() => void span.refetch()} />;
  }
  if (span.data === null && isDefault(chips)) return <Welcome />;
  // Which window is meant may depend on where there is data: nothing is asked before that is known.
  if (span.isPending && (all || range.kind === 'auto')) return <Waiting />;
  return <Explorer />;
}

function Explorer() {
  const totals = useTotals();
  const { metric, compare } = useScreenSearch('explore');
  // All of it at once would keep a slow computer busy. Where it was drawn before and is come back to, it is there at once.
  const drawn = useDeferredValue(true, totals.data !== undefined);
  const wrong = wrongFilters(totals.error);
  if (wrong !== null) {
    return (
      <>
        <FilterBar wrong={wrong} />
        <WrongFilters errors={wrong} />
      </>
    );
  }
  if (!drawn) return <Waiting />;
  return (
    <>
      <ViewsBar />
      <FilterBar wrong={[]} />
      <WindowLine heading="h2" />
      <Figures />
      <ExploreBar />
      {metric === 'requests' && compare === '' ? <Timeline /> : <LinesPanel key={metric} />}
      <Lists />
    </>
  );
}

/** As high as what comes in its place, so that the footer does not jump. */
function Waiting() {
  return (
    <div className="screen-waiting">
      <Skeleton lines={8} />
    </div>
  );
}

/** The same requests by groups, or one by one. */
function Lists() {
  const { show } = useScreenSearch('explore');
  const change = useChange('explore');
  return (
    <Tabs
      label={words.title}
      tabs={SHOWN.map((value) => ({ value, label: words[value].tab }))}
      value={show}
      onChange={(value) => change({ show: value === 'breakdown' ? null : value })}
    >
      {show === 'breakdown' ? <BreakdownPanel /> : <RequestsPanel />}
    </Tabs>
  );
}
