import type { Me, OpenInvitation } from '@vedette/contract';
import { useState } from 'react';
import { isUnreachable } from '../api/client.ts';
import { useAcceptInvitation, useInvitationLook, useLogInWays } from '../api/log-in.ts';
import { useLogOut } from '../api/log-out.ts';
import { AccessFailure } from '../parts/access/access-failure.tsx';
import { AccountFields, isComplete } from '../parts/access/account-fields.tsx';
import { Door } from '../parts/access/door.tsx';
import { Link } from '../parts/link.tsx';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { Form } from '../parts/ui/form.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useLanguage } from '../state/language.ts';
import { useHashToken } from '../state/location.ts';
import { people, access as words } from '../text.ts';
import { LogIn } from './log-in.tsx';
import '../styles/access.css';

interface Props {
  /** Who is logged in; null for nobody. */
  me: Me | null;
  onRetry: () => void;
}

/** An invitation that was followed: by somebody new, by whom it is for, or by somebody else. */
export default function Invitation({ me, onRetry }: Props) {
  const token = useHashToken();
  const look = useInvitationLook(token);
  if (look.data === undefined) {
    if (isUnreachable(look.error)) {
      return (
        <Door title={words.invitation.broken}>
          <ErrorState error={look.error} onRetry={() => void look.refetch()} />
        </Door>
      );
    }
    if (token === '' || look.error !== null) {
      return (
        <Door title={words.invitation.broken} lead={words.invitation.brokenLead}>
          <Link className="button wide" to="/">
            {words.invitation.toDashboard}
          </Link>
        </Door>
      );
    }
    return (
      <Door title={words.invitation.title('…')}>
        <Skeleton lines={5} />
      </Door>
    );
  }
  const invitation = look.data;
  const lead = words.invitation.lead(invitation.email, people.roles[invitation.role]);
  if (me === null && invitation.account) {
    return <LogIn email={invitation.email} lead={`${lead} ${words.invitation.known}`} onRetry={onRetry} />;
  }
  return (
    <Door title={words.invitation.title(invitation.tenant)} lead={lead}>
      {me === null ? (
        <NewMember token={token} invitation={invitation} />
      ) : me.user?.email.toLowerCase() === invitation.email.toLowerCase() ? (
        <Join token={token} />
      ) : (
        <WrongPerson me={me} invitation={invitation} />
      )}
    </Door>
  );
}

function Join({ token }: { token: string }) {
  const accept = useAcceptInvitation();
  return (
    <div className="door-form">
      <AccessFailure error={accept.error} />
      <button
        type="button"
        className="button primary wide"
        disabled={accept.isPending}
        onClick={() => accept.mutate({ token })}
      >
        {words.invitation.join}
      </button>
      <Link className="as-text" to="/">
        {words.invitation.decline}
      </Link>
    </div>
  );
}

function WrongPerson({ me, invitation }: { me: Me; invitation: OpenInvitation }) {
  const logOut = useLogOut();
  return (
    <div className="door-form">
      <p className="not-allowed">
        <span>
          {me.user === null ? words.invitation.link : words.invitation.other(me.user.email, invitation.email)}
        </span>
      </p>
      <button type="button" className="button primary wide" disabled={logOut.isPending} onClick={() => logOut.mutate()}>
        {words.invitation.logOut}
      </button>
      <Link className="as-text" to="/">
        {words.invitation.toDashboard}
      </Link>
    </div>
  );
}

function NewMember({ token, invitation }: { token: string; invitation: OpenInvitation }) {
  const ways = useLogInWays();
  const [draft, setDraft] = useState({ email: invitation.email, name: '', password: '' });
  const [tried, setTried] = useState(false);
  const accept = useAcceptInvitation();
  const locale = useLanguage();
  const least = ways.data?.password.min_length ?? 12;
  const submit = () => {
    setTried(true);
    if (!isComplete(draft, least) || accept.isPending) return;
    accept.mutate({ token, name: draft.name.trim(), password: draft.password, locale });
  };
  return (
    <Form
      className="door-form"
      onSubmit={submit}
      busy={accept.isPending}
      foot={
        <>
          <button type="submit" className="button primary wide" disabled={accept.isPending}>
            {words.invitation.create}
          </button>
        </>
      }
    >
      <AccountFields draft={draft} least={least} tried={tried} emailFixed onChange={setDraft} />
      <AccessFailure error={accept.error} />
    </Form>
  );
}
