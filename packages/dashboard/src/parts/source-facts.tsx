import type { Source } from '@vedette/contract';
import type { ReactNode } from 'react';
import { exactSeconds, full, lapse, perSecond, short } from '../model/format.ts';
import { isSkewed } from '../model/sources.ts';
import { ago, stamp } from '../model/times.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';

/** One thing that is told of every source: a column of the table, a line of the card. */
export interface SourceFact {
  name: keyof typeof text.sources.columns & keyof typeof text.sources.help;
  show: (source: Source, now: number) => ReactNode;
  /** What sources are sorted by it. */
  value: (source: Source) => number | null;
}

/** The figures of a source, in the order of the columns. */
export const SOURCE_FACTS: readonly SourceFact[] = [
  {
    name: 'seen',
    value: ({ last_seen: seen }) => Date.parse(seen),
    show: (source, now) => <Seen source={source} now={now} />,
  },
  {
    name: 'requests',
    value: ({ requests }) => requests,
    show: ({ requests }) =>
      requests === 0 ? <span className="muted">{text.sources.noRequest}</span> : <Count value={requests} />,
  },
  {
    name: 'rate',
    value: ({ per_second: rate }) => rate,
    show: ({ per_second: rate }) => <span title={String(rate)}>{perSecond(rate)}</span>,
  },
  { name: 'lag', value: ({ lag_seconds: lag }) => lag, show: ({ lag_seconds: lag }) => <Lag seconds={lag} /> },
  { name: 'refused', value: ({ refused }) => refused, show: ({ refused }) => <Count value={refused} alarming /> },
  { name: 'dropped', value: ({ dropped }) => dropped, show: ({ dropped }) => <Count value={dropped} alarming /> },
  {
    name: 'skew',
    value: ({ clock_skew_seconds: skew }) => skew,
    show: (source) => <Skew source={source} />,
  },
];

function Count({ value, alarming = false }: { value: number; alarming?: boolean }) {
  return (
    <span title={full(value)} className={alarming && value > 0 ? 'warning-text' : undefined}>
      {short(value)}
    </span>
  );
}

function Seen({ source, now }: { source: Source; now: number }) {
  const time = Date.parse(source.last_seen);
  return (
    <time
      dateTime={source.last_seen}
      title={`${stamp(time)}\n${text.sources.firstSeen(stamp(Date.parse(source.first_seen)))}`}
    >
      {ago(time, now)}
    </time>
  );
}

/** What stands where a figure is not known. */
function Unknown() {
  return (
    <span className="muted" title={text.unknown}>
      <span aria-hidden="true">{text.none}</span>
      <span className="visually-hidden">{text.unknown}</span>
    </span>
  );
}

function Lag({ seconds }: { seconds: number | null }) {
  if (seconds === null) return <Unknown />;
  return <span title={exactSeconds(seconds)}>{seconds < 0 ? `−${lapse(seconds)}` : lapse(seconds)}</span>;
}

function Skew({ source }: { source: Source }) {
  const skew = source.clock_skew_seconds;
  if (skew === null) return <Unknown />;
  const { ahead, behind, inStep, skewWarning } = text.sources;
  const words = skew === 0 ? inStep : skew > 0 ? ahead(lapse(skew)) : behind(lapse(skew));
  if (!isSkewed(source)) return <span title={exactSeconds(skew)}>{words}</span>;
  return (
    <span className="warning-text" title={`${exactSeconds(skew)}\n${skewWarning}`}>
      <Icon name="warning" />
      {words}
      <span className="visually-hidden">. {skewWarning}</span>
    </span>
  );
}

/** Live or quiet, in a word beside the colour. */
export function SourceState({ state }: Pick<Source, 'state'>) {
  return (
    <span className={`source-state is-${state}`} title={text.sources.stateHelp[state]}>
      <i aria-hidden="true" />
      {text.sources.states[state]}
    </span>
  );
}

/** Name, and the software behind it. */
export function SourceName({ source }: { source: Source }) {
  return (
    <>
      <span className="source-name" title={source.name}>
        {source.name || text.sources.unnamed}
      </span>
      <span className="source-agent" title={source.agent}>
        {source.agent || text.sources.noAgent}
      </span>
    </>
  );
}

/** Stands in for them. */
export function SourceNameWaiting() {
  return (
    <>
      <span className="source-name">
        <span className="skeleton">an edge somewhere</span>
      </span>
      <span className="source-agent">
        <span className="skeleton">software 1.2</span>
      </span>
    </>
  );
}
