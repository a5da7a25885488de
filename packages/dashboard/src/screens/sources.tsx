import type { SourcesAnswer } from '@vedette/contract';
import { useState } from 'react';
import { describeError, isUnreachable } from '../api/client.ts';
import { useSources } from '../api/sources.ts';
import { full } from '../model/format.ts';
import { kindLabel, kindsOf, narrowSources, type SourcesView, sortSources } from '../model/sources.ts';
import { clock } from '../model/times.ts';
import { Icon } from '../parts/icon.tsx';
import { Link } from '../parts/link.tsx';
import { Segments } from '../parts/segments.tsx';
import { SourceTable } from '../parts/source-table.tsx';
import type { Sort } from '../parts/ui/data-column.ts';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { SOURCES_REFRESH_MS, useNow } from '../state/clock.ts';
import { type Change, useChange, useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** What sends requests to the tenant, and how each of them does. */
export default function Sources() {
  const { live, linkTo } = useView();
  const view = useScreenSearch('sources');
  const change = useChange('sources');
  const { data, error, isPending, dataUpdatedAt, refetch } = useSources(live ? SOURCES_REFRESH_MS : false);
  return (
    <>
      <div className="screen-head">
        <div>
          <h1>{text.sources.title}</h1>
          <p className="muted">
            {data !== undefined && data.sources.length > 0 ? (
              summaryOf(data, dataUpdatedAt)
            ) : isPending ? (
              <span className="skeleton">{text.sources.summary('0', '0')}</span>
            ) : (
              text.sources.lead
            )}
          </p>
          {error !== null && data !== undefined && !isUnreachable(error) && (
            <p className="stale-note" role="status">
              {text.error.stale(describeError(error).title)}
            </p>
          )}
        </div>
        <Link className="button primary" to={linkTo('first-steps')}>
          <Icon name="plus" />
          {text.sources.add}
        </Link>
      </div>
      {error !== null && data === undefined && !isUnreachable(error) ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data?.sources.length === 0 ? (
        <NoSources />
      ) : (
        <>
          <Controls data={data} view={view} onChange={change} />
          <List
            data={data}
            view={view}
            updatedAt={dataUpdatedAt}
            onSort={(sort) => change({ sort })}
            onClear={() => change({ kind: '', find: '' })}
          />
        </>
      )}
    </>
  );
}

function summaryOf({ sources }: SourcesAnswer, updatedAt: number): string {
  const live = sources.filter(({ state }) => state === 'live').length;
  const updated = text.footer.updated(clock(updatedAt));
  return `${text.sources.count(sources.length)} · ${text.sources.summary(full(live), full(sources.length - live))} · ${updated}`;
}

interface ControlsProps {
  data: SourcesAnswer | undefined;
  view: SourcesView;
  onChange: (change: Change<'sources'>, options?: { replace?: boolean }) => void;
}

function Controls({ data, view, onChange }: ControlsProps) {
  const all = data?.sources ?? [];
  const kinds = kindsOf(all);
  const options = [
    { value: '', label: `${text.sources.all} ${all.length}` },
    ...kinds.map(({ kind, count }) => ({ value: kind, label: `${kindLabel(kind)} ${count}` })),
  ];
  const shown = narrowSources(all, view).length;
  // The address follows what is typed, a moment later; it leads when it changes by itself, as by the back button.
  const [typed, setTyped] = useState(view.find);
  const [followed, setFollowed] = useState(view.find);
  if (followed !== view.find) {
    setFollowed(view.find);
    setTyped(view.find);
  }
  const type = (find: string) => {
    setTyped(find);
    setFollowed(find);
    onChange({ find }, { replace: true });
  };
  return (
    <search className="source-controls">
      <input
        type="search"
        className="search-field"
        value={typed}
        placeholder={text.sources.searchPlaceholder}
        aria-label={text.sources.search}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => type(event.target.value)}
      />
      {data === undefined ? (
        <span className="segments skeleton" aria-hidden="true" />
      ) : (
        <Segments
          label={text.sources.kind}
          options={options}
          value={view.kind}
          onChange={(kind) => onChange({ kind })}
        />
      )}
      <span className="kept" role="status">
        {shown < all.length && text.sources.found(shown, all.length)}
      </span>
    </search>
  );
}

interface ListProps {
  data: SourcesAnswer | undefined;
  view: SourcesView;
  /** When the answer came, ms. */
  updatedAt: number;
  onSort: (sort: Sort) => void;
  onClear: () => void;
}

function List({ data, view, updatedAt, onSort, onClear }: ListProps) {
  // An answer is newer than the last tick: nothing in it may seem to lie ahead.
  const now = Math.max(useNow(true, SOURCES_REFRESH_MS), updatedAt);
  const sources = data && sortSources(narrowSources(data.sources, view), updatedAt);
  if (sources?.length === 0) {
    return (
      <section className="panel nothing">
        <h2>{view.find.trim() === '' ? text.sources.noneOfKind : text.sources.noneTitle(view.find.trim())}</h2>
        <button type="button" className="button" onClick={onClear}>
          {text.sources.clear}
        </button>
      </section>
    );
  }
  return (
    <div className="sources-list" aria-busy={data === undefined}>
      {data === undefined && (
        <p className="visually-hidden" role="status">
          {text.sources.loading}
        </p>
      )}
      <SourceTable sources={sources} now={now} sort={view.sort} onSort={onSort} />
    </div>
  );
}

function NoSources() {
  const { linkTo } = useView();
  return (
    <section className="panel nothing">
      <h2>{text.sources.emptyTitle}</h2>
      <p className="muted">{text.sources.emptyLead}</p>
      <Link className="button primary" to={linkTo('first-steps')}>
        {text.sources.emptyAction}
      </Link>
    </section>
  );
}
