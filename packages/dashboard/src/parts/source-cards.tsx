import type { Source } from '@vedette/contract';
import { stamp } from '../model/format.ts';
import { kindLabel } from '../model/sources.ts';
import { text } from '../text.ts';
import { SourceError } from './source-error.tsx';
import { SOURCE_FACTS, SourceName, SourceState } from './source-facts.tsx';

/** The sources as cards, for screens a table does not fit; undefined while they are not known. */
export function SourceCards({ sources, now }: { sources: readonly Source[] | undefined; now: number }) {
  return (
    <ul className="source-cards" aria-label={text.sources.title}>
      {sources?.map((source) => (
        <li key={source.id} className="panel source-card">
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
        </li>
      )) ?? [1, 2, 3, 4].map((card) => <SkeletonCard key={card} />)}
    </ul>
  );
}

function SkeletonCard() {
  return (
    <li className="panel source-card" aria-hidden="true">
      <div className="source-card-head">
        <h2>
          <span className="source-name">
            <span className="skeleton">an edge somewhere</span>
          </span>
          <span className="source-agent">
            <span className="skeleton">software 1.2</span>
          </span>
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
    </li>
  );
}
