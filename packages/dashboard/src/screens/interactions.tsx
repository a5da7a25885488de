import { isUnreachable } from '../api/client.ts';
import { useInteractions, useScope } from '../api/interactions.ts';
import { periodIn } from '../model/times.ts';
import { FunnelPanel } from '../parts/interactions/funnel-panel.tsx';
import { KindFigures } from '../parts/interactions/kind-figures.tsx';
import { PageLists } from '../parts/interactions/page-lists.tsx';
import { ScopeBar } from '../parts/interactions/scope-bar.tsx';
import { SessionsPanel } from '../parts/interactions/sessions-panel.tsx';
import { ViewsChart } from '../parts/interactions/views-chart.tsx';
import { VitalsPanel } from '../parts/interactions/vitals-panel.tsx';
import { WidgetsTable } from '../parts/interactions/widgets-table.tsx';
import { Link } from '../parts/link.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { useView } from '../state/view-context.ts';
import { text, interactions as words } from '../text.ts';
import '../styles/interactions.css';

/** What people do in pages: figures, vitals, pages, widgets, funnels, sessions. */
export default function Interactions() {
  const { window } = useView();
  const { domain, who } = useScope();
  const { data, error, isPlaceholderData } = useInteractions('kind', '', 20);
  const none = data !== undefined && !isPlaceholderData && data.total.count === 0;
  const refused = error !== null && data === undefined && !isUnreachable(error);
  return (
    <>
      <ScreenHead
        title={words.title}
        lead={words.lead(periodIn(window.from, window.to), words.whose[who], domain || text.site.all)}
      />
      <ScopeBar />
      <KindFigures />
      {none && <Nothing />}
      {!none && !refused && (
        <>
          <ViewsChart />
          <VitalsPanel />
          <div className="two-columns">
            <PageLists />
            <WidgetsTable />
          </div>
          <FunnelPanel />
        </>
      )}
      {/* Sessions are derived from requests too, so there are some where no page tells anything. Where they stand is known then. */}
      {data !== undefined && <SessionsPanel />}
    </>
  );
}

function Nothing() {
  const { window, linkTo, preset, setWindow } = useView();
  const wide = preset === '12mo';
  return (
    <section className="panel nothing">
      <h2>{wide ? words.emptyTitle : words.emptyWindow}</h2>
      <p className="muted">{wide ? words.emptyLead : words.emptyWindowLead(periodIn(window.from, window.to))}</p>
      <div className="button-row">
        {!wide && (
          <button type="button" className="button" onClick={() => setWindow({ kind: 'preset', preset: '12mo' })}>
            {words.widen}
          </button>
        )}
        <Link className="button primary" to={linkTo('first-steps', { way: 'page' })}>
          {words.emptyAction}
        </Link>
      </div>
    </section>
  );
}
