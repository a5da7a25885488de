import { DEFAULT_CHIPS } from '../../model/chip.ts';
import type { Tail } from '../../model/live-tail.ts';
import { isDefault } from '../../model/view.ts';
import { useView } from '../../state/view-context.ts';
import { live as words } from '../../text.ts';
import { Link } from '../link.tsx';

/** Stands where no request has come: why that may be, and what to do about it. */
export function LiveEmpty({ tail }: { tail: Tail }) {
  const { chips, setChips, span, linkTo } = useView();
  const { empty } = words;
  if (tail.cleared) return <Note title={empty.cleared} lead={empty.clearedLead} />;
  if (!isDefault(chips) && chips.length > 0) {
    return (
      <Note title={empty.filtered} lead={empty.filteredLead}>
        <button type="button" className="button" onClick={() => setChips(DEFAULT_CHIPS)}>
          {empty.takeAway}
        </button>
      </Note>
    );
  }
  const never = span === null;
  return (
    <Note title={never ? empty.nothing : empty.quiet} lead={never ? empty.nothingLead : empty.quietLead}>
      <Link className={never ? 'button primary' : 'button'} to={linkTo('first-steps')}>
        {empty.firstSteps}
      </Link>
      <Link className="button" to={linkTo('first-steps', { way: 'curl' })}>
        {empty.byHand}
      </Link>
    </Note>
  );
}

function Note({ title, lead, children }: { title: string; lead: string; children?: React.ReactNode }) {
  return (
    <div className="live-empty">
      <h3>{title}</h3>
      <p className="muted">{lead}</p>
      {children !== undefined && <div className="button-row">{children}</div>}
    </div>
  );
}
