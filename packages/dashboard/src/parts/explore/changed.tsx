import { change, full, percent, short } from '../../model/format.ts';
import { text, explore as words } from '../../text.ts';

interface Props {
  now: number;
  before: number;
  /** How either is written. */
  format?: (value: number) => string;
}

/** How much more or less than before; what is new or gone has no share. */
export function Changed({ now, before, format = full }: Props) {
  const share = change(now, before);
  const title = `${format(before)} → ${format(now)}`;
  if (share === null || now === 0)
    return (
      <span title={title} className="change">
        {before === now ? text.none : now === 0 ? words.breakdown.gone : words.breakdown.fresh}
      </span>
    );
  const sign = share >= 0.0005 ? '▲' : share <= -0.0005 ? '▼' : '=';
  return (
    <span title={title} className="change">
      {sign} {share >= 10 ? `×${short(Math.round(share + 1))}` : percent(Math.abs(share))}
    </span>
  );
}
