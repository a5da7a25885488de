import type { Source } from '@vedette/contract';
import type { ReactNode } from 'react';
import type { Arrival } from '../model/arrival.ts';
import { kindLabel } from '../model/sources.ts';
import { stamp } from '../model/times.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';

interface Props {
  /** undefined while nothing is known. */
  arrival: Arrival | undefined;
  /** Nothing came for so long that something may be wrong. */
  late: boolean;
  /** The hub did not answer the last time. */
  failed: boolean;
}

/** Waits for the first request, and turns green when it is there. It stays in sight however long the page is. */
export function ArrivalLine({ arrival, late, failed }: Props) {
  const { linkTo } = useView();
  const good = arrival?.state === 'arrived' || arrival?.state === 'known';
  return (
    <div className={good ? 'arrival good' : 'arrival'}>
      {good ? <Icon name="check" /> : <i className="arrival-dot" aria-hidden="true" />}
      <p role="status" aria-label={text.firstSteps.status}>
        <strong>{headline(arrival, late)}</strong>
        {arrival?.state === 'known' && <span> {text.firstSteps.knownNext}</span>}
        {failed && <span> {text.firstSteps.stale}</span>}
      </p>
      {good && (
        <span className="arrival-links">
          <Link className="button" to={linkTo('sources')}>
            {text.firstSteps.sources}
          </Link>
          <Link className="button primary" to={linkTo('overview')}>
            {text.firstSteps.open}
          </Link>
        </span>
      )}
    </div>
  );
}

function headline(arrival: Arrival | undefined, late: boolean): ReactNode {
  if (arrival === undefined || arrival.state === 'waiting') {
    return late ? text.firstSteps.late : text.firstSteps.waiting;
  }
  if (arrival.state === 'known') return text.firstSteps.known(stamp(Date.parse(arrival.first)), arrival.sources);
  const { source, ever } = arrival;
  if (source === null) return text.firstSteps.first;
  return ever ? text.firstSteps.firstFrom(describe(source)) : text.firstSteps.newSource(describe(source));
}

function describe({ name, kind, agent }: Source): string {
  const how = agent === '' ? kindLabel(kind) : `${kindLabel(kind)}, ${agent}`;
  return `${name || text.sources.unnamed} (${how})`;
}
