import { useId, useState } from 'react';
import { describeError } from '../api/client.ts';
import { useDomains } from '../api/domains.ts';
import { useRecentPageViews, useSnippet } from '../api/page-script.ts';
import { isOneOf } from '../model/domain-pattern.ts';
import { isLoopback, parseHost } from '../model/ways.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';
import { SnippetView } from './snippet.tsx';

/** What to paste into the pages of a site, with its host filled in, and word of the first page view. */
export function PageSteps() {
  const id = useId();
  const [typed, setTyped] = useState('');
  const host = parseHost(typed);
  const bad = typed.trim() !== '' && host === undefined;
  return (
    <div className="steps">
      <section className="panel step">
        <h2>{text.firstSteps.page.title}</h2>
        <p className="muted">{text.firstSteps.page.lead}</p>
        <div className="step-fields">
          <div className="field">
            <label>
              {text.firstSteps.page.domain}
              <input
                type="text"
                className="mono"
                value={typed}
                placeholder={text.firstSteps.page.domainPlaceholder}
                spellCheck={false}
                autoComplete="off"
                autoCapitalize="off"
                inputMode="url"
                aria-invalid={bad}
                aria-describedby={id}
                onChange={(event) => setTyped(event.target.value)}
              />
            </label>
            <small id={id} role="status">
              {bad ? (
                <span className="warning-text">{text.firstSteps.page.domainBad}</span>
              ) : (
                text.firstSteps.page.domainHelp
              )}
            </small>
          </div>
        </div>
        {host === undefined ? (
          <p className="muted">{text.firstSteps.page.enter}</p>
        ) : (
          <>
            <Ownership host={host} />
            <TagSnippets host={host} />
          </>
        )}
      </section>
      <PageArrival />
    </div>
  );
}

/** Whether the hub takes what pages of the host send, and what is to be done until it does. */
function Ownership({ host }: { host: string }) {
  const { tenant, linkTo } = useView();
  const { data } = useDomains();
  const words = text.firstSteps.page;
  if (data !== undefined && isOneOf(host, data.domains)) return <p className="muted">{words.known(host)}</p>;
  return (
    <>
      {data !== undefined && (
        <p className="warning-text">
          {words.unknown(host)} <Link to={linkTo('domains')}>{words.openDomains}</Link>
        </p>
      )}
      <SnippetView title={words.claim} code={words.claimCommand(tenant.slug, host.replace(/:\d+$/, ''))} />
    </>
  );
}

function TagSnippets({ host }: { host: string }) {
  const { data, error } = useSnippet(host);
  if (data === undefined) {
    if (error === null) return <p className="muted">{text.loading}</p>;
    const { title, detail, lang } = describeError(error);
    return (
      <p className="form-error" role="alert">
        {title} <span lang={lang}>{detail}</span>
      </p>
    );
  }
  const { origin } = new URL(data.url, window.location.href);
  return (
    <>
      {isLoopback(origin) && <p className="warning-text">{text.firstSteps.addressLoopback}</p>}
      <SnippetView
        title={text.firstSteps.page.tag}
        code={data.html}
        note={`${text.firstSteps.page.tagNote} ${text.firstSteps.page.latest(data.latest_url)}`}
      />
      <SnippetView
        title={text.firstSteps.page.policy}
        code={`script-src ${origin}; style-src ${origin}; connect-src ${origin}`}
      />
      <SnippetView
        title={text.firstSteps.page.widget}
        code={'<button data-vedette-widget="sign-up">Sign up</button>'}
      />
    </>
  );
}

/** Waits for the first page view, as the other ways wait for the first request. */
function PageArrival() {
  const { linkTo } = useView();
  const { data, isError } = useRecentPageViews();
  const good = data !== undefined && data > 0;
  return (
    <div className={good ? 'arrival good' : 'arrival'}>
      {good ? <Icon name="check" /> : <i className="arrival-dot" aria-hidden="true" />}
      <p role="status" aria-label={text.firstSteps.page.status}>
        <strong>{good ? text.firstSteps.page.arrived(data) : text.firstSteps.page.waiting}</strong>
        {isError && <span> {text.firstSteps.stale}</span>}
      </p>
      <span className="arrival-links">
        <Link className="button" to={linkTo('privacy', { part: 'policy' })}>
          {text.firstSteps.page.banner}
        </Link>
        <Link className={good ? 'button primary' : 'button'} to={linkTo('interactions')}>
          {text.firstSteps.page.open}
        </Link>
      </span>
    </div>
  );
}
