import type { RequestRow } from '@vedette/contract';
import { type ReactNode, useRef, useState } from 'react';
import type { Live } from '../../api/live.ts';
import { full } from '../../model/format.ts';
import { MOST_ROWS, type Tail } from '../../model/live-tail.ts';
import { useReading } from '../../state/reading.ts';
import { useView } from '../../state/view-context.ts';
import { live as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Panel } from '../panel.tsx';
import { ListedRequest } from '../request-dialog.tsx';
import { RequestList } from '../request-list.tsx';
import { LiveRate } from './live-rate.tsx';

interface Props {
  live: Pick<Live, 'tail' | 'known'>;
  paused: boolean;
  onGoOn: () => void;
  empty: ReactNode;
}

/** The rows. They stand still while one reads them or has paused; how many came meanwhile is one press away. */
export function LiveList({ live: { tail, known }, paused, onGoOn, empty }: Props) {
  const { addChip } = useView();
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<RequestRow | null>(null);
  const { reading, around, toTop } = useReading(list);
  const shown = useHeld(tail, paused || reading || open !== null);
  const fresh = tail.came - shown.came;
  return (
    <Panel
      title={words.list}
      of={words.kept(full(MOST_ROWS))}
      className="live-panel"
      actions={<LiveRate tail={tail} />}
    >
      {/* The focus comes here as the button above the rows goes. */}
      <div className="live-list" ref={list} tabIndex={-1} {...around}>
        <div className="live-fresh-space">
          {fresh > 0 && (
            <button
              type="button"
              className="button primary small live-fresh"
              onClick={() => {
                onGoOn();
                toTop();
              }}
            >
              <Icon name="up" />
              <span>{paused ? words.freshPaused(fresh) : words.fresh(fresh)}</span>
            </button>
          )}
        </div>
        <RequestList
          label={words.list}
          rows={known || shown.rows.length > 0 ? shown.rows : undefined}
          onOpen={setOpen}
          empty={empty}
        />
      </div>
      {open !== null && <ListedRequest row={open} onFilter={addChip} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

/** What there was when it began to be held; what there is while it is not. */
function useHeld(tail: Tail, held: boolean): Tail {
  const [kept, setKept] = useState(tail);
  // What was cleared is not held on to, nor is the want of what was there before one began to watch.
  const other = kept.since !== tail.since || (kept.rows.length === 0 && kept.came === tail.came);
  const current = !held || other;
  if (current && kept !== tail) setKept(tail);
  return current ? tail : kept;
}
