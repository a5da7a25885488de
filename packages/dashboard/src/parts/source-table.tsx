import type { Source } from '@vedette/contract';
import { kindLabel } from '../model/sources.ts';
import { text } from '../text.ts';
import { SourceCard, SourceCardWaiting } from './source-card.tsx';
import { SourceError } from './source-error.tsx';
import { SOURCE_FACTS, SourceName, SourceNameWaiting, SourceState } from './source-facts.tsx';
import type { DataColumn, Sort } from './ui/data-column.ts';
import { DataTable } from './ui/data-table.tsx';

interface Props {
  /** undefined while they are not known. */
  sources: readonly Source[] | undefined;
  now: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** The sources as a table; as cards where that does not fit. */
export function SourceTable({ sources, now, sort, onSort }: Props) {
  return (
    <DataTable
      label={text.sources.title}
      className="sources"
      framed
      columns={columnsAt(now)}
      rows={sources}
      rowKey={({ id }) => id}
      detail={({ last_error: error }) => error && <SourceError error={error} now={now} />}
      sort={sort}
      onSort={onSort}
      cards="tablet"
      card={(source) => <SourceCard source={source} now={now} />}
      cardWaiting={<SourceCardWaiting />}
      empty={null}
    />
  );
}

/** The columns, with times as long ago as they are now. */
function columnsAt(now: number): DataColumn<Source>[] {
  const { columns, help } = text.sources;
  return [
    {
      id: 'name',
      title: columns.name,
      wide: true,
      sort: ({ name }) => name,
      show: (source) => <SourceName source={source} />,
      waiting: <SourceNameWaiting />,
    },
    { id: 'kind', title: columns.kind, sort: ({ kind }) => kindLabel(kind), show: ({ kind }) => kindLabel(kind) },
    {
      id: 'state',
      title: columns.state,
      sort: ({ state }) => text.sources.states[state],
      show: ({ state }) => <SourceState state={state} />,
    },
    ...SOURCE_FACTS.map(({ name, show, value }) => ({
      id: name,
      title: columns[name],
      help: help[name],
      number: name !== 'seen',
      sort: value,
      show: (source: Source) => show(source, now),
    })),
  ];
}
