import type { InteractionRow } from '@vedette/contract';
import { useInteractions } from '../../api/interactions.ts';
import { full, short } from '../../model/format.ts';
import { rowOf } from '../../model/interactions-view.ts';
import { formatVital, LIMITS, placeOfVital, rateVital, VITALS, type Vital } from '../../model/vitals.ts';
import { text, interactions as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';

/** The web vitals, rated as Google rates them. */
export function VitalsPanel() {
  const query = useInteractions('name', 'vital', 20);
  return (
    <Panel title={words.vitals.title} of={words.vitals.of}>
      <Answered query={query}>
        {({ rows }) => (
          <ul className="vitals">
            {VITALS.map((name) => (
              <VitalCard key={name} name={name} row={rowOf(rows, name)} />
            ))}
          </ul>
        )}
      </Answered>
    </Panel>
  );
}

function VitalCard({ name, row }: { name: Vital; row: InteractionRow }) {
  const { count, p50, p75, p95 } = row;
  const [good, poor] = LIMITS[name];
  const rating = p75 === null ? null : rateVital(name, p75);
  return (
    <li className="vital">
      <div className="vital-head">
        <h3>
          <abbr title={words.vitals.names[name]}>{name}</abbr>
        </h3>
        {rating !== null && <span className={`vital-rating ${rating}`}>{words.vitals.ratings[rating]}</span>}
      </div>
      <p className="vital-value">{p75 === null ? text.none : formatVital(name, p75)}</p>
      <div className="vital-scale" aria-hidden="true">
        <i className="good" style={{ width: `${placeOfVital(name, good) * 100}%` }} />
        <i className="fair" style={{ width: `${placeOfVital(name, poor - good) * 100}%` }} />
        <i className="poor" />
        {p75 !== null && <b style={{ left: `${placeOfVital(name, p75) * 100}%` }} />}
      </div>
      <p className="vital-note" title={words.vitals.limits(formatVital(name, good), formatVital(name, poor))}>
        {words.vitals.names[name]}
        <br />
        {count === 0 ? (
          words.vitals.unknown
        ) : (
          <span title={p50 === null || p95 === null ? full(count) : middleOf(name, p50, p95)}>
            {words.vitals.from(short(count))}
          </span>
        )}
      </p>
      <p className="visually-hidden">{words.vitals.limits(formatVital(name, good), formatVital(name, poor))}</p>
    </li>
  );
}

function middleOf(name: Vital, p50: number, p95: number): string {
  return words.vitals.middle(formatVital(name, p50), formatVital(name, p95));
}
