import type { InteractionRow } from '@vedette/contract';
import { useInteractions } from '../../api/interactions.ts';
import { full, percent, short } from '../../model/format.ts';
import { rowOf } from '../../model/interactions-view.ts';
import { interactions as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { FigureStrip } from '../figure-strip.tsx';

const KINDS = ['page_view', 'click', 'outbound', 'error', 'banner', 'custom'] as const;

/** How many interactions of each kind there were, and how many of those of people who granted. */
export function KindFigures() {
  const query = useInteractions('kind', '', 20);
  return (
    <Answered query={query} loading={<Strip rows={undefined} />}>
      {({ rows }) => <Strip rows={rows} />}
    </Answered>
  );
}

function Strip({ rows }: { rows: readonly InteractionRow[] | undefined }) {
  return (
    <FigureStrip
      label={words.figures.label}
      figures={KINDS.map((kind) => {
        const { count, consented } = rowOf(rows ?? [], kind);
        return {
          title: words.figures[kind],
          help: `${full(count)}\n${words.figures.help[kind]}`,
          value: rows && short(count),
          note: count === 0 ? words.figures.none : words.figures.granted(short(consented), percent(consented / count)),
        };
      })}
    />
  );
}
