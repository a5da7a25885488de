import type { Source } from '@vedette/contract';
import { Fragment } from 'react';
import { kindLabel } from '../model/sources.ts';
import { text } from '../text.ts';
import { SourceError } from './source-error.tsx';
import { SOURCE_FACTS, SourceName, SourceState } from './source-facts.tsx';

const COLUMNS = SOURCE_FACTS.length + 3;
const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

/** The sources as a table; undefined while they are not known. */
export function SourceTable({ sources, now }: { sources: readonly Source[] | undefined; now: number }) {
  return (
    <div className="panel table-space sources-space" tabIndex={0} role="region" aria-label={text.sources.title}>
      <table className="table sources">
        <thead>
          <tr>
            <th scope="col">{text.sources.columns.name}</th>
            <th scope="col">{text.sources.columns.kind}</th>
            <th scope="col">{text.sources.columns.state}</th>
            {SOURCE_FACTS.map(({ name }) => (
              <th
                scope="col"
                key={name}
                className={name === 'seen' ? undefined : 'number'}
                title={text.sources.help[name]}
              >
                {text.sources.columns[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources?.map((source) => <SourceRows key={source.id} source={source} now={now} />) ??
            SKELETON_ROWS.map((row) => <SkeletonRow key={row} />)}
        </tbody>
      </table>
    </div>
  );
}

function SourceRows({ source, now }: { source: Source; now: number }) {
  return (
    <Fragment>
      <tr className={source.last_error === null ? undefined : 'with-error'}>
        <th scope="row">
          <SourceName source={source} />
        </th>
        <td>{kindLabel(source.kind)}</td>
        <td>
          <SourceState state={source.state} />
        </td>
        {SOURCE_FACTS.map(({ name, show }) => (
          <td key={name} className={name === 'seen' ? undefined : 'number'}>
            {show(source, now)}
          </td>
        ))}
      </tr>
      {source.last_error !== null && (
        <tr>
          <td colSpan={COLUMNS} className="source-error-cell">
            <SourceError error={source.last_error} now={now} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function SkeletonRow() {
  return (
    <tr aria-hidden="true">
      <th scope="row">
        <span className="source-name">
          <span className="skeleton">an edge somewhere</span>
        </span>
        <span className="source-agent">
          <span className="skeleton">software 1.2</span>
        </span>
      </th>
      <td>
        <span className="skeleton">Edge</span>
      </td>
      <td>
        <span className="skeleton">Quiet</span>
      </td>
      {SOURCE_FACTS.map(({ name }) => (
        <td key={name} className={name === 'seen' ? undefined : 'number'}>
          <span className="skeleton">0,000</span>
        </td>
      ))}
    </tr>
  );
}
