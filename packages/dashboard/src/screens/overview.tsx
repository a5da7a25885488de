import { isUnreachable } from '../api/client.ts';
import { useSpan } from '../api/queries.ts';
import { isDefault } from '../model/view.ts';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { useView } from '../state/view-context.ts';
import { Content } from './content.tsx';
import { Welcome } from './welcome.tsx';

/** The first screen: figures, or the ways in while there are none. */
export default function Overview() {
  const { tenant, range, chips } = useView();
  const span = useSpan(tenant);
  const all = range.kind === 'preset' && range.preset === 'all';
  if (all && span.isError && span.data === undefined) {
    if (isUnreachable(span.error)) return null;
    return <ErrorState error={span.error} onRetry={() => void span.refetch()} />;
  }
  if (span.data === null && isDefault(chips)) return <Welcome />;
  // Which window is meant may depend on where there is data: nothing is asked before that is known.
  if (span.isPending && (all || range.kind === 'auto')) return null;
  return <Content />;
}
