import { useState } from 'react';
import { isUnreachable } from '../api/client.ts';
import { useLogInWays, useRedeemReset, useResetLook } from '../api/log-in.ts';
import { missing } from '../model/password.ts';
import { AccessFailure } from '../parts/access/access-failure.tsx';
import { Door } from '../parts/access/door.tsx';
import { NewPasswordField } from '../parts/access/new-password-field.tsx';
import { Link } from '../parts/link.tsx';
import { ErrorState } from '../parts/ui/error-state.tsx';
import { Form } from '../parts/ui/form.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useHashToken } from '../state/location.ts';
import { access as words } from '../text.ts';
import '../styles/access.css';

/** A new password, by the link that was sent. */
export default function PasswordReset() {
  const token = useHashToken();
  const look = useResetLook(token);
  const ways = useLogInWays();
  const least = ways.data?.password.min_length;
  if (look.data !== undefined && least !== undefined) {
    return (
      <Door title={words.reset.title} lead={words.reset.lead(look.data.email)}>
        <NewPassword token={token} email={look.data.email} least={least} />
      </Door>
    );
  }
  const failed = isUnreachable(look.error) ? look.error : ways.error;
  if (failed !== null) {
    return (
      <Door title={words.reset.title}>
        <ErrorState error={failed} onRetry={() => void Promise.all([look.refetch(), ways.refetch()])} />
      </Door>
    );
  }
  if (token === '' || look.error !== null) {
    return (
      <Door title={words.reset.broken} lead={words.reset.brokenLead}>
        <Link className="button primary wide" to="/log-in?forgotten">
          {words.reset.again}
        </Link>
      </Door>
    );
  }
  return (
    <Door title={words.reset.title}>
      <Skeleton lines={5} />
    </Door>
  );
}

function NewPassword({ token, email, least }: { token: string; email: string; least: number }) {
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const redeem = useRedeemReset();
  const submit = () => {
    setTried(true);
    if (missing(password, least) > 0 || redeem.isPending) return;
    redeem.mutate({ token, password });
  };
  return (
    <Form
      className="door-form"
      onSubmit={submit}
      busy={redeem.isPending}
      foot={
        <>
          <button type="submit" className="button primary wide" disabled={redeem.isPending}>
            {words.reset.action}
          </button>
        </>
      }
    >
      {/* Password managers keep the new one under it. */}
      <input type="email" hidden readOnly autoComplete="username" value={email} />
      <NewPasswordField
        label={words.fields.newPassword}
        value={password}
        least={least}
        of={[email]}
        tried={tried}
        onChange={setPassword}
      />
      <AccessFailure error={redeem.error} />
    </Form>
  );
}
