import type { Account } from '@vedette/contract';
import { useState } from 'react';
import { useAskEmail, useWithdrawEmail } from '../../api/account.ts';
import { useLogInWays } from '../../api/log-in.ts';
import { moment } from '../../model/times.ts';
import { showToast } from '../../state/toasts.ts';
import { access, account as words } from '../../text.ts';
import { Command } from '../command.tsx';
import { Panel } from '../panel.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { ConfirmPassword } from './confirm-password.tsx';

/** Whose link is withdrawn is kept: by the time it is, none waits any more. */
type Asking = { what: 'change' } | { what: 'withdraw'; email: string } | null;

/** The address that the person logs in with, the one that waits to take its place, and the way to another. */
export function EmailPanel({ account: { user, email_change: waiting } }: { account: Account }) {
  const [asking, setAsking] = useState<Asking>(null);
  const mail = useLogInWays().data?.mail ?? true;
  const close = () => setAsking(null);
  return (
    <Panel title={words.email.title}>
      <div className="panel-body">
        <p>
          <strong>{user.email}</strong>
        </p>
        <p className="muted">{words.email.lead}</p>
        {waiting !== null && (
          <p role="status">{words.email.waiting(waiting.email, moment(Date.parse(waiting.expires)))}</p>
        )}
        {mail ? (
          <div className="button-row">
            <Button onClick={() => setAsking({ what: 'change' })}>
              {waiting === null ? words.email.open : words.email.again}
            </Button>
            {waiting !== null && (
              <Button onClick={() => setAsking({ what: 'withdraw', email: waiting.email })}>
                {words.email.withdraw}
              </Button>
            )}
          </div>
        ) : (
          <>
            <p className="muted">{words.email.noMail}</p>
            <Command line={words.email.command(user.email)} />
          </>
        )}
      </div>
      {asking?.what === 'change' && <ChangeEmail present={user.email} onClose={close} />}
      {asking?.what === 'withdraw' && <Withdraw email={asking.email} onClose={close} />}
    </Panel>
  );
}

function ChangeEmail({ present, onClose }: { present: string; onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const ask = useAskEmail();
  const given = email.trim();
  const wrong = !/^[^\s@]+@[^\s@]+$/.test(given)
    ? access.wrong.email
    : given.toLowerCase() === present.toLowerCase()
      ? words.email.same
      : undefined;
  return (
    <ConfirmPassword
      title={words.email.dialog}
      action={words.email.action}
      busy={ask.isPending}
      error={ask.error}
      ready={() => {
        setTried(true);
        return wrong === undefined;
      }}
      onConfirm={(confirmation) =>
        ask.mutate(
          { ...confirmation, email: given },
          {
            onSuccess: () => {
              showToast(words.email.sent(given));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{words.email.dialogLead}</p>
      <TextField
        label={words.email.next}
        type="email"
        value={email}
        maxLength={254}
        autoComplete="email"
        wrong={tried ? wrong : undefined}
        onChange={setEmail}
      />
    </ConfirmPassword>
  );
}

function Withdraw({ email, onClose }: { email: string; onClose: () => void }) {
  const withdraw = useWithdrawEmail();
  return (
    <ConfirmDialog
      title={words.email.withdrawTitle}
      action={words.email.withdrawAction}
      busy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={() =>
        withdraw.mutate(undefined, {
          onSuccess: () => {
            showToast(words.email.withdrawn);
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.email.withdrawLead(email)}</p>
    </ConfirmDialog>
  );
}
