import { ago, moment } from '../model/times.ts';

/** How long ago, with the time itself as its tooltip; `none` where it never was. */
export function Ago({ time, now, none }: { time: string | null; now: number; none: string }) {
  if (time === null) return <span className="muted">{none}</span>;
  const at = Date.parse(time);
  return (
    <time dateTime={time} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}

/** When something was or will be, on one line. */
export function At({ time }: { time: string }) {
  return (
    <time dateTime={time} className="no-wrap">
      {moment(Date.parse(time))}
    </time>
  );
}
