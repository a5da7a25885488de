import type { ConsentAnswer } from '@vedette/contract';
import { full, percent } from '../../model/format.ts';
import { text, consent as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const KINDS = ['granted', 'partly', 'refused'] as const;

/** People by what they chose last; undefined while it is not known. */
export function PeoplePanel({ people }: { people: ConsentAnswer['people'] | undefined }) {
  const all = people && people.granted + people.partly + people.refused;
  return (
    <Panel title={words.people.title} of={words.people.of}>
      {people === undefined || all === undefined ? (
        <Skeleton lines={3} />
      ) : (
        <div className="people">
          <p className="people-all">{words.people.count(all)}</p>
          {all > 0 && (
            <div className="people-bar" aria-hidden="true">
              {KINDS.map((name) =>
                people[name] > 0 ? (
                  <i key={name} className={`fill-${name}`} style={{ flexGrow: people[name] }} />
                ) : null,
              )}
            </div>
          )}
          <ul className="people-rows">
            {KINDS.map((name) => (
              <li key={name}>
                <i className={`mark fill-${name}`} />
                <span>{words.days[name]}</span>
                <span className="people-count">{full(people[name])}</span>
                <span className="people-share">{all > 0 ? percent(people[name] / all) : text.none}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  );
}
