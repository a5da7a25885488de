import { useId, useState } from 'react';
import { describeError } from '../api/client.ts';
import { useRecentPageViews, useSnippet } from '../api/page-script.ts';
import { isLoopback, parseHost } from '../model/ways.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';
import { SnippetView } from './snippet.tsx';

const { page: words } = text.firstSteps;

/** What to paste into the pages of a site, with its host filled in, and word of the first page view. */
export function PageSteps() {
  const { tenant } = useView();
  const id = useId();
  const [typed, setTyped] = useState('');
  const host = parseHost(typed);
  const bad = typed.trim() !== '' && host === undefined;
  return (
    <div className="steps">
      <section className="panel step">
        <h2>{words.title}</h2>
        <p className="muted">{words.lead}</p>
        <div className="step-fields">
          <div className="field">
            <label>
              {words.domain}
              <input
                type="text"
                className="mono"
                value={typed}
                placeholder={words.domainPlaceholder}
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
              {bad ? <span className="warning-text">{words.domainBad}</span> : words.domainHelp}
            </small>
          </div>
        </div>
        {host === undefined ? (
          <p className="muted">{words.enter}</p>
        ) : (
          <>
            <SnippetView title={words.claim} code={words.claimCommand(tenant.slug, host)} />
            <TagSnippets host={host} />
          </>
        )}
      </section>
      <PageArrival />
    </div>
  );
}

function TagSnippets({ host }: { host: string }) {
  const { data, error } = useSnippet(host);
  if (data === undefined) {
    if (error === null) return <p className="muted">{text.loading}</p>;
    const { title, detail } = describeError(error);
    return (
      <p className="form-error" role="alert">
        {title} {detail}
      </p>
    );
  }
  const { origin } = new URL(data.url, window.location.href);
  return (
    <>
      {isLoopback(origin) && <p className="warning-text">{text.firstSteps.addressLoopback}</p>}
      <SnippetView title={words.tag} code={data.html} note={`${words.tagNote} ${words.latest(data.latest_url)}`} />
      <SnippetView title={words.policy} code={`script-src ${origin}; style-src ${origin}; connect-src ${origin}`} />
      <SnippetView title={words.widget} code={'<button data-vedette-widget="sign-up">Sign up</button>'} />
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
      <p role="status" aria-label={words.status}>
        <strong>{good ? words.arrived(data) : words.waiting}</strong>
        {isError && <span> {text.firstSteps.stale}</span>}
      </p>
      <span className="arrival-links">
        <Link className="button" to={linkTo('privacy', { part: 'policy' })}>
          {words.banner}
        </Link>
        <Link className={good ? 'button primary' : 'button'} to={linkTo('interactions')}>
          {words.open}
        </Link>
      </span>
    </div>
  );
}
