import { type ReactNode, useState } from 'react';
import { useAccount } from '../../api/account.ts';
import { text, account as words } from '../../text.ts';
import { Failure } from '../failure.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { PasswordField } from '../ui/password-field.tsx';

interface Props {
  title: string;
  /** The verb on the button. */
  action: string;
  dangerous?: boolean;
  busy: boolean;
  error: unknown;
  /** Whether what else is to be typed is complete. */
  ready?: () => boolean;
  onConfirm: (confirmation: { password?: string }) => void;
  onClose: () => void;
  children: ReactNode;
}

/** Has the person show the password once more before something weighty about the account. */
export function ConfirmPassword({ title, action, dangerous = false, busy, error, children, ...rest }: Props) {
  const has = useAccount().data?.password_changed !== null;
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    const ready = rest.ready?.() ?? true;
    if (!ready || (has && password === '')) return;
    rest.onConfirm(has ? { password } : {});
  };
  return (
    <Dialog
      title={title}
      busy={busy}
      onSubmit={submit}
      onClose={rest.onClose}
      closeLabel={text.cancel}
      action={
        <button type="submit" className={dangerous ? 'button danger solid' : 'button primary'} disabled={busy}>
          {action}
        </button>
      }
    >
      {children}
      {has ? (
        <PasswordField
          label={words.confirm.password}
          kind="current"
          value={password}
          wrong={tried && password === '' ? words.confirm.wrong : undefined}
          onChange={setPassword}
        />
      ) : (
        <p className="muted">{words.confirm.none}</p>
      )}
      <Failure error={error} />
    </Dialog>
  );
}
