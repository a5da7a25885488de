import type { Me } from '@vedette/contract';
import { useConfirmEmail, useEmailChangeLook } from '../api/account.ts';
import { isUnreachable, Problem } from '../api/client.ts';
import { useLogOut } from '../api/log-out.ts';
import { AccessFailure } from '../parts/access/access-failure.tsx';
import { Door } from '../parts/access/door.tsx';
import { Link } from '../parts/link.tsx';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useHashToken } from '../state/location.ts';
import { account as words } from '../text.ts';
import { LogIn } from './log-in.tsx';
import '../styles/access.css';

interface Props {
  /** Who is logged in; null for nobody. */
  me: Me | null;
  onRetry: () => void;
}

/** Another e-mail address, by the link that was sent there: for who is logged in to the account, and nobody else. */
export default function EmailChange({ me, onRetry }: Props) {
  const token = useHashToken();
  const user = me?.user ?? null;
  const look = useEmailChangeLook(user === null ? '' : token);
  const confirm = useConfirmEmail();
  if (me === null) return <LogIn lead={words.emailChange.logIn} onRetry={onRetry} />;
  if (isUnreachable(look.error)) {
    return (
      <Door title={words.emailChange.title}>
        <ErrorState error={look.error} onRetry={() => void look.refetch()} />
      </Door>
    );
  }
  if (user === null || token === '' || look.error !== null)
    return <Broken error={look.error} outside={user === null} />;
  if (look.data === undefined) {
    return (
      <Door title={words.emailChange.title}>
        <Skeleton lines={4} />
      </Door>
    );
  }
  return (
    <Door title={words.emailChange.title} lead={words.emailChange.lead(user.email, look.data.email)}>
      <div className="door-form">
        <AccessFailure error={confirm.error} />
        <button
          type="button"
          className="button primary wide"
          disabled={confirm.isPending}
          onClick={() => confirm.mutate(token)}
        >
          {words.emailChange.action}
        </button>
        <Link className="as-text" to="/account">
          {words.emailChange.toAccount}
        </Link>
      </div>
    </Door>
  );
}

function Broken({ error, outside }: { error: Error | null; outside: boolean }) {
  const logOut = useLogOut();
  const another = outside || (error instanceof Problem && error.code === 'other-account');
  return (
    <Door title={words.emailChange.broken}>
      <div className="door-form">
        {outside ? <p className="muted">{words.none}</p> : <AccessFailure error={error} />}
        {another && (
          <button
            type="button"
            className="button primary wide"
            disabled={logOut.isPending}
            onClick={() => logOut.mutate()}
          >
            {words.emailChange.logOut}
          </button>
        )}
        <Link className={another ? 'as-text' : 'button wide'} to="/account">
          {words.emailChange.toAccount}
        </Link>
      </div>
    </Door>
  );
}
