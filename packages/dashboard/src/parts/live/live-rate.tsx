import { full, perSecond, short } from '../../model/format.ts';
import { lastSeconds, rateOf, type Second, SHOWN_SECONDS, sumOf, type Tail } from '../../model/live-tail.ts';
import { CLASSES } from '../../model/series.ts';
import { clockSeconds } from '../../model/times.ts';
import { useNow } from '../../state/clock.ts';
import { text, live as words } from '../../text.ts';
import { Popover } from '../ui/popover.tsx';

/** How many come a second and came in all, how many of them were left out, and the last minute as bars. */
export function LiveRate({ tail }: { tail: Tail }) {
  const clock = useNow(true, 1000);
  // What has just come is not ahead of its time.
  const now = Math.max(clock, (tail.seconds.at(-1)?.second ?? 0) * 1000);
  return (
    <div className="live-rate">
      <strong>{words.rate.perSecond(perSecond(rateOf(tail, now)))}</strong>
      <span className="muted">
        {words.rate.came(tail.came, clockSeconds(tail.since))}
        {tail.leftOut > 0 && (
          <>
            {' · '}
            <Popover
              className="link"
              label={words.rate.leftOutTitle}
              button={words.rate.leftOut(short(tail.leftOut))}
              title={full(tail.leftOut)}
            >
              {() => <p className="live-help">{words.rate.leftOutHelp}</p>}
            </Popover>
          </>
        )}
      </span>
      <Minute seconds={lastSeconds(tail, now)} />
    </div>
  );
}

const HEIGHT = 28;
const BAR = 0.8;
const PARTS = [...CLASSES, 'leftOut'] as const;

/** A bar a second, people, bots and hosting on top of each other, and on top of these what was left out. */
function Minute({ seconds }: { seconds: readonly Second[] }) {
  const most = Math.max(1, ...seconds.map(sumOf));
  const title = words.rate.chart(full(Math.max(0, ...seconds.map(sumOf))));
  const paths = PARTS.map((part, place) =>
    seconds
      .map((second, index) => {
        const below = PARTS.slice(0, place).reduce((sum, name) => sum + second[name], 0);
        const [from, high] = [below, second[part]].map((count) => (count / most) * HEIGHT) as [number, number];
        return high === 0 ? '' : `M${index} ${HEIGHT - from}v${-high}h${BAR}v${high}z`;
      })
      .join(''),
  );
  const legend = CLASSES.map((name) => text.classes[name]).join(', ');
  return (
    <svg
      className="live-minute"
      viewBox={`0 0 ${SHOWN_SECONDS} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${title}: ${legend}`}
    >
      <title>{title}</title>
      {PARTS.map((part, place) => (
        <path key={part} className={part} d={paths[place]} />
      ))}
    </svg>
  );
}
