import type { Source } from '@vedette/contract';
import { kindLabel } from '../model/sources.ts';
import { stamp } from '../model/times.ts';
import { text } from '../text.ts';
import { SourceError } from './source-error.tsx';
import { SOURCE_FACTS, SourceName, SourceNameWaiting, SourceState } from './source-facts.tsx';

/** A source as a card, for screens a table does not fit. */
export function SourceCard({ source, now }: { source: Source; now: number }) {
  return (
    <article className="panel source-card">
      <div className="source-card-head">
        <h2>
          <SourceName source={source} />
        </h2>
        <span>
          <SourceState state={source.state} />
          <span className="source-kind">{kindLabel(source.kind)}</span>
        </span>
      </div>
      <dl>
        {SOURCE_FACTS.map(({ name, show }) => (
          <div key={name}>
            <dt>{text.sources.columns[name]}</dt>
            <dd>{show(source, now)}</dd>
            {/* There is no hovering on a phone. */}
            {name === 'seen' && <dd className="muted">{stamp(Date.parse(source.last_seen))}</dd>}
          </div>
        ))}
      </dl>
      {source.last_error !== null && <SourceError error={source.last_error} now={now} />}
    </article>
  );
}

/** Stands in for a source that is not known yet. */
export function SourceCardWaiting() {
  return (
    <div className="panel source-card">
      <div className="source-card-head">
        <h2>
          <SourceNameWaiting />
        </h2>
      </div>
      <dl>
        {SOURCE_FACTS.map(({ name }) => (
          <div key={name}>
            <dt>{text.sources.columns[name]}</dt>
            <dd>
              <span className="skeleton">0,000</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
