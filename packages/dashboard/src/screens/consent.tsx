import { isUnreachable, Problem } from '../api/client.ts';
import { useConsent } from '../api/consent.ts';
import { useSites } from '../api/interactions.ts';
import { dayWindow, totalsOf } from '../model/consent-days.ts';
import { period } from '../model/times.ts';
import { Answered, StaleNote } from '../parts/answered.tsx';
import { ChoiceChart } from '../parts/consent/choice-chart.tsx';
import { ChoiceFigures } from '../parts/consent/choice-figures.tsx';
import { ExportPanel } from '../parts/consent/export-panel.tsx';
import { PeoplePanel } from '../parts/consent/people-panel.tsx';
import { ProofPanel } from '../parts/consent/proof-panel.tsx';
import { TextsPanel } from '../parts/consent/texts-panel.tsx';
import { Link } from '../parts/link.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SiteSelect } from '../parts/site-select.tsx';
import { useChange, useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { text, consent as words } from '../text.ts';
import '../styles/consent.css';

/** What people chose: rates, choices over time, the words they were shown, and the evidence of one person. */
export default function Consent() {
  const view = useView();
  const { domain } = useScreenSearch('consent');
  const change = useChange('consent');
  const query = useConsent(domain);
  const { window } = dayWindow(view.window, view.mostBars);
  const { data, error } = query;
  const refused = error instanceof Problem && data === undefined && !isUnreachable(error);
  const totals = data && totalsOf(data.days);
  const none = totals !== undefined && totals.choices === 0 && totals.shown === 0;
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(period(window.from, window.to), domain || text.site.all)}>
        <SiteSelect value={domain} sites={useSites().data ?? []} onChange={(site) => change({ domain: site })} />
      </ScreenHead>
      {refused ? (
        <Answered query={query}>{() => null}</Answered>
      ) : (
        <>
          <StaleNote query={query} />
          <ChoiceFigures days={data?.days} />
          {none ? (
            <Nothing />
          ) : (
            <div className="wide-and-narrow">
              <ChoiceChart days={data?.days} />
              <PeoplePanel people={data?.people} />
            </div>
          )}
          <div className="wide-and-narrow">
            <ProofPanel />
            <ExportPanel domain={domain} />
          </div>
          <TextsPanel />
        </>
      )}
    </>
  );
}

function Nothing() {
  const { linkTo } = useView();
  return (
    <section className="panel nothing">
      <h2>{words.emptyTitle}</h2>
      <p className="muted">{words.emptyLead}</p>
      <div className="button-row">
        <Link className="button" to={linkTo('privacy', { part: 'policy' })}>
          {words.emptyPolicy}
        </Link>
        <Link className="button primary" to={linkTo('first-steps', { way: 'page' })}>
          {words.emptyAction}
        </Link>
      </div>
    </section>
  );
}
