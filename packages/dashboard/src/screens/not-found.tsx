import { Link } from '../parts/link.tsx';
import { EmptyState } from '../parts/ui/empty-state.tsx';
import { useView } from '../state/view-context.ts';
import { ui as words } from '../text.ts';

/** Shown for an address that names no screen. */
export function NotFound() {
  const { linkTo } = useView();
  return (
    <>
      <h1 className="visually-hidden">{words.notFound.title}</h1>
      <EmptyState
        title={words.notFound.title}
        actions={
          <Link className="button primary" to={linkTo('overview')}>
            {words.notFound.action}
          </Link>
        }
      >
        {words.notFound.lead}
      </EmptyState>
    </>
  );
}
