import { useFunnel } from '../../api/interactions.ts';
import { full, percent } from '../../model/format.ts';
import { dropAt, type Funnel } from '../../model/funnel.ts';
import { text, interactions as words } from '../../text.ts';
import { Answered } from '../answered.tsx';

/** How many people came how far: a bar for each step, as long as the share of the first that got there. */
export function FunnelResult({ funnel }: { funnel: Funnel }) {
  return (
    <div className="funnel-result" role="region" aria-label={words.funnel.label} aria-live="polite">
      <Answered query={useFunnel(funnel)}>{({ steps }) => <Bars steps={steps} />}</Answered>
    </div>
  );
}

interface Step {
  kind: string;
  match: string;
  visitors: number;
  share: number | null;
}

function Bars({ steps }: { steps: readonly Step[] }) {
  const first = steps[0]?.visitors ?? 0;
  const last = steps.at(-1)?.visitors ?? 0;
  if (first === 0) return <p className="empty-note">{words.funnel.nobody}</p>;
  const visitors = steps.map((step) => step.visitors);
  return (
    <>
      <p className="funnel-summary">
        {words.funnel.summary(words.funnel.people(first), full(last), percent(last / first))}
      </p>
      <ol className="funnel-bars">
        {steps.map(({ kind, match, visitors: here, share }, index) => {
          const drop = dropAt(visitors, index);
          return (
            // Steps have no other name than their place.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <span className="funnel-bar-label">
                <small>{labelOf(kind)}</small> {match}
              </span>
              <span className="funnel-bar-value">
                {words.funnel.result(words.funnel.people(here), share === null ? text.none : percent(share))}
              </span>
              <span className="funnel-bar" aria-hidden="true">
                <i style={{ width: `${(share ?? 0) * 100}%` }} />
              </span>
              {drop !== null && (
                <small className="muted">
                  {words.funnel.lost(full(drop.lost), drop.share === null ? text.none : percent(drop.share))}
                </small>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

function labelOf(kind: string): string {
  const names: Record<string, string> = words.funnel.kinds;
  return Object.hasOwn(names, kind) ? (names[kind] ?? kind) : kind;
}
