import type { SourcesAnswer } from '@vedette/contract';
import { useEffect, useState } from 'react';
import { useSources } from '../api/sources.ts';
import { arrivalOf } from '../model/arrival.ts';
import { NO_KEY } from '../model/snippets/fill.ts';
import { needsKey, snippetsOf } from '../model/snippets.ts';
import { findKey, parseOrigin, type RequestWay, WAY_GROUPS, type Way, wayLabel } from '../model/ways.ts';
import { ArrivalChecks } from '../parts/arrival-checks.tsx';
import { ArrivalLine } from '../parts/arrival-line.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { KeyPanel, type Typed } from '../parts/key-panel.tsx';
import { Link } from '../parts/link.tsx';
import { PageSteps } from '../parts/page-steps.tsx';
import { SnippetView } from '../parts/snippet.tsx';
import { useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** Somebody sits and waits: asked more often than the list of sources. */
const ASK_MS = 2500;
/** After so long without a request something is probably wrong. */
const LATE_MS = 60_000;

/** What to copy and paste to connect a source, and word of its first request as it arrives. */
export default function FirstSteps() {
  const { tenant } = useView();
  const { way } = useScreenSearch('first-steps');
  const [typed, setTyped] = useState<Typed>({ key: '', address: window.location.origin });
  return (
    <>
      <div className="screen-head">
        <div>
          <h1>{text.firstSteps.title}</h1>
          <p className="muted">{text.firstSteps.lead(tenant.name || tenant.slug)}</p>
        </div>
      </div>
      <div className="first-steps">
        <Ways chosen={way} />
        {way === 'page' ? <PageSteps /> : <RequestSteps way={way} typed={typed} onType={setTyped} />}
      </div>
    </>
  );
}

interface StepsProps {
  way: RequestWay;
  /** Kept for all ways. */
  typed: Typed;
  onType: (typed: Typed) => void;
}

/** What to copy for a way that sends requests, and word of the first that arrives. */
function RequestSteps({ way, typed, onType }: StepsProps) {
  const { tenant } = useView();
  const { arrival, late, failed } = useArrival();
  const url = parseOrigin(typed.address) ?? window.location.origin;
  const key = findKey(typed.key) || NO_KEY;
  return (
    <div className="steps">
      <KeyPanel withKey={needsKey(way)} typed={typed} onType={onType} />
      <section className="panel step">
        <h2>{titleOf(way)}</h2>
        {way === 'file' && <ImportHere />}
        {snippetsOf(way, { url, key, tenant: tenant.slug, installation: tenant.installation }).map((snippet) => (
          <SnippetView key={snippet.title} {...snippet} />
        ))}
        <p className="muted">{text.firstSteps.more}</p>
      </section>
      <ArrivalChecks
        late={late}
        trouble={arrival === undefined || arrival.state === 'arrived' ? [] : arrival.trouble}
        url={url}
      />
      <ArrivalLine arrival={arrival} late={late} failed={failed} />
    </div>
  );
}

function titleOf(way: RequestWay): string {
  if (way === 'file') return text.firstSteps.importTitle;
  return way === 'curl' ? text.firstSteps.curlTitle : text.firstSteps.snippetsTitle(wayLabel(way));
}

/** Compares what the hub knows with what it knew when the page was opened. */
function useArrival() {
  const { data, isError, isFetchedAfterMount } = useSources(ASK_MS);
  const [began, setBegan] = useState<SourcesAnswer>();
  const [over, setOver] = useState(false);
  // An answer from the cache may be old: what came since then is no news.
  if (began === undefined && data !== undefined && isFetchedAfterMount) setBegan(data);
  const arrival = began === undefined || data === undefined ? undefined : arrivalOf(began, data);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), LATE_MS);
    return () => clearTimeout(timer);
  }, []);
  const late = over && (arrival === undefined || arrival.state === 'waiting');
  return { arrival, late, failed: isError };
}

function Ways({ chosen }: { chosen: Way }) {
  const { linkTo } = useView();
  return (
    <nav className="ways" aria-label={text.firstSteps.choose}>
      {WAY_GROUPS.map(({ group, ways }) => (
        <div key={group}>
          <h2>{text.firstSteps.groups[group]}</h2>
          <ul>
            {ways.map((way) => (
              <li key={way}>
                <Link to={linkTo('first-steps', { way })} current={way === chosen ? 'true' : undefined}>
                  {wayLabel(way)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function ImportHere() {
  const { mayImport, openImport } = useView();
  if (!mayImport) return null;
  return (
    <>
      <p className="muted">{text.firstSteps.importLead}</p>
      <FileButton className="button primary" onFiles={openImport}>
        {text.empty.choose}
      </FileButton>
    </>
  );
}
