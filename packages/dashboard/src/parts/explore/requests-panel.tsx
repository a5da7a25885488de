import type { RequestRow } from '@vedette/contract';
import { useDeferredValue, useMemo, useState } from 'react';
import { useRequests, useRequestsExport } from '../../api/explore.ts';
import { full } from '../../model/format.ts';
import { clockSeconds, periodIn } from '../../model/times.ts';
import { useView } from '../../state/view-context.ts';
import { explore as words } from '../../text.ts';
import { NotAllowed } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import { ListedRequest } from '../request-dialog.tsx';
import { RequestList } from '../request-list.tsx';
import { Exports } from './exports.tsx';

/** The single requests that the figures are made of, as far as rows of them are kept. */
export function RequestsPanel() {
  const { may, addChip, window } = useView();
  const { query, again } = useRequests();
  const exportOf = useRequestsExport();
  const [open, setOpen] = useState<RequestRow | null>(null);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  const loaded = useMemo(() => data?.pages.flatMap(({ requests }) => requests), [data]);
  // So many rows are drawn a piece at a time.
  const rows = useDeferredValue(loaded);
  if (!may('export')) return <NotAllowed why={words.requests.notAllowed} />;
  const [first] = data?.pages ?? [];
  const of = first?.window ?? window;
  return (
    <Panel
      title={words.requests.title}
      className="explore-list"
      of={
        <span title={periodIn(of.from, of.to)}>
          {rows !== undefined && first !== undefined && (
            <>
              {words.requests.lead(full(rows.length), clockSeconds(first.asOf))}
              {hasNextPage && `, ${words.requests.more}`}{' '}
              <button type="button" className="link" onClick={again}>
                {words.requests.again}
              </button>
            </>
          )}
        </span>
      }
      actions={<Exports nameOf={words.requests.exportOf} addressOf={exportOf} />}
    >
      <RequestList
        label={words.requests.title}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        onOpen={setOpen}
        more={hasNextPage ? { busy: isFetchingNextPage, onMore: () => void fetchNextPage() } : null}
        empty={
          <p className="empty-note">
            {words.requests.empty} {words.requests.emptyHelp}
          </p>
        }
      />
      {open !== null && <ListedRequest row={open} onFilter={addChip} onClose={() => setOpen(null)} />}
    </Panel>
  );
}
