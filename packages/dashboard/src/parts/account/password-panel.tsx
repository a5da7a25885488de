import type { Account } from '@vedette/contract';
import { useState } from 'react';
import { useChangePassword } from '../../api/account.ts';
import { useLogInWays } from '../../api/log-in.ts';
import { missing } from '../../model/password.ts';
import { moment } from '../../model/times.ts';
import { showToast } from '../../state/toasts.ts';
import { text, account as words } from '../../text.ts';
import { NewPasswordField } from '../access/new-password-field.tsx';
import { Failure } from '../failure.tsx';
import { Panel } from '../panel.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PasswordField } from '../ui/password-field.tsx';

/** When the password was last changed, and the way to change it. */
export function PasswordPanel({ account }: { account: Account }) {
  const [open, setOpen] = useState(false);
  const { password_changed: changed } = account;
  return (
    <Panel title={words.password.title}>
      <div className="panel-body">
        <p className="muted">
          {changed === null ? words.password.none : words.password.changed(moment(Date.parse(changed)))}
        </p>
        {changed !== null && (
          <div className="button-row">
            <Button onClick={() => setOpen(true)}>{words.password.open}</Button>
          </div>
        )}
      </div>
      {open && <ChangePassword account={account} onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function ChangePassword({ account: { user }, onClose }: { account: Account; onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [tried, setTried] = useState(false);
  const change = useChangePassword();
  const least = useLogInWays().data?.password.min_length ?? 12;
  const submit = () => {
    setTried(true);
    if (current === '' || missing(next, least) > 0) return;
    change.mutate(
      { current, password: next },
      {
        onSuccess: () => {
          showToast(words.password.done);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={words.password.action}
      busy={change.isPending}
      onSubmit={submit}
      onClose={onClose}
      closeLabel={text.cancel}
      action={
        <button type="submit" className="button primary" disabled={change.isPending}>
          {words.password.action}
        </button>
      }
    >
      <p>{words.password.lead}</p>
      <input type="email" hidden readOnly autoComplete="username" value={user.email} />
      <PasswordField
        label={words.password.current}
        kind="current"
        value={current}
        wrong={tried && current === '' ? words.password.currentWrong : undefined}
        onChange={setCurrent}
      />
      <NewPasswordField
        label={words.password.next}
        value={next}
        least={least}
        of={[user.email, user.name]}
        tried={tried}
        onChange={setNext}
      />
      <Failure error={change.error} />
    </Dialog>
  );
}
