import { Problem } from '../../api/client.ts';
import { useRequest } from '../../api/explore.ts';
import { addChip, type Chip } from '../../model/chip.ts';
import { pathOf, withParameters } from '../../model/place.ts';
import { formatView, parseView } from '../../model/view.ts';
import { goTo, useChange, useScreenSearch, useSearch } from '../../state/location.ts';
import { useView } from '../../state/view-context.ts';
import { explore as words } from '../../text.ts';
import { NotAllowed } from '../answered.tsx';
import { RequestDialog } from '../request-dialog.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/error-state.tsx';

/** The request that a link is to, over the explorer; or why it is not shown. Once closed, the address has it no more. */
export function LinkedRequest() {
  const { request } = useScreenSearch('explore');
  return request === '' ? null : <Linked key={request} id={request} />;
}

function Linked({ id }: { id: string }) {
  const { may } = useView();
  const search = useSearch();
  const change = useChange('explore');
  const { data, error, refetch } = useRequest(id);
  const close = () => change({ request: null }, { replace: true });
  const filter = (chip: Chip) => {
    const view = parseView(search);
    const filtered = { ...view, chips: addChip(view.chips, chip) };
    goTo(pathOf('explore') + formatView(filtered, withParameters(search, { request: null })));
  };
  if (data !== undefined) return <RequestDialog row={data} onFilter={filter} onClose={close} />;
  // A dialog that has nothing to say yet would grow once it has.
  if (may('export') && error === null) return null;
  return (
    <Dialog title={words.request.title} onSubmit={close} onClose={close}>
      <NotShown error={error} onRetry={() => void refetch()} />
    </Dialog>
  );
}

function NotShown({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (error === null) return <NotAllowed why={words.requests.notAllowed} />;
  if (!(error instanceof Problem) || error.code !== 'unknown-request') {
    return <ErrorState error={error} onRetry={onRetry} />;
  }
  return (
    <div>
      <strong>{words.request.gone}</strong>
      <p className="muted">{words.request.goneLead}</p>
    </div>
  );
}
