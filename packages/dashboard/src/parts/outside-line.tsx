import { useOutside } from '../api/queries.ts';
import { full, short } from '../model/format.ts';
import { DAY } from '../model/range.ts';
import { period } from '../model/times.ts';
import { isDefault } from '../model/view.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** A quiet hint at requests that lie outside the window. Its place is kept while there are none, so that nothing moves. */
export function OutsideLine() {
  const { chips, setRange } = useView();
  const outside = useOutside();
  if (outside === null || outside === undefined) return <p className="outside">&nbsp;</p>;
  const days = period(outside.window.from, outside.window.to + DAY);
  const filtered = chips.length > 0 && !isDefault(chips);
  return (
    <p className="outside muted">
      <span title={`${full(outside.requests)}\n${days}`}>
        {text.outside.more(short(outside.requests), outside.requests)}
        <span className="outside-days"> ({days})</span>
        {filtered && text.outside.unfiltered}
      </span>
      {' · '}
      <button type="button" className="link" onClick={() => setRange({ kind: 'preset', preset: 'all' })}>
        {text.outside.show}
      </button>
    </p>
  );
}
