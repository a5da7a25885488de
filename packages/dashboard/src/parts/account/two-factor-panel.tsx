import type { Account } from '@vedette/contract';
import { useState } from 'react';
import { useNewRecoveryCodes, useRemoveTotp } from '../../api/account.ts';
import { showToast } from '../../state/toasts.ts';
import { account as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmPassword } from './confirm-password.tsx';
import { RecoveryCodesDialog } from './recovery-codes.tsx';
import { SetUpTotp } from './totp-set-up.tsx';

type Asking = 'set-up' | 'turn-off' | 'codes' | null;

/** The authenticator app and the recovery codes. */
export function TwoFactorPanel({ account: { two_factor: factors } }: { account: Account }) {
  const [asking, setAsking] = useState<Asking>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => setAsking(null);
  const { totp, recovery_codes_left: left } = factors;
  const hasFactor = totp || factors.passkeys > 0;
  const show = (made: string[] | null) => {
    close();
    setCodes(made);
  };
  return (
    <Panel title={words.twoFactor.title} of={words.twoFactor.lead}>
      <div className="panel-body">
        <div className="setting-row">
          <div>
            <h3>
              {words.twoFactor.totp}{' '}
              <Badge tone={totp ? 'good' : 'plain'}>{totp ? words.twoFactor.on : words.twoFactor.off}</Badge>
            </h3>
            <p className="muted">{totp ? words.twoFactor.totpOn : words.twoFactor.totpOff}</p>
          </div>
          {totp ? (
            <Button onClick={() => setAsking('turn-off')}>{words.twoFactor.turnOff}</Button>
          ) : (
            <Button kind="primary" onClick={() => setAsking('set-up')}>
              {words.twoFactor.setUp}
            </Button>
          )}
        </div>
        {hasFactor && (
          <div className="setting-row">
            <div>
              <h3>{words.twoFactor.recovery}</h3>
              <p className={left === 0 ? 'warning-text' : 'muted'}>
                {left === 0 ? words.twoFactor.recoveryNone : words.twoFactor.recoveryLeft(left)}
              </p>
            </div>
            <Button onClick={() => setAsking('codes')}>{words.twoFactor.recoveryNew}</Button>
          </div>
        )}
      </div>
      {asking === 'set-up' && (
        <SetUpTotp
          onDone={(made) => {
            showToast(words.twoFactor.turnedOn);
            show(made);
          }}
          onClose={close}
        />
      )}
      {asking === 'turn-off' && <TurnOff onClose={close} />}
      {asking === 'codes' && <NewCodes onDone={show} onClose={close} />}
      {codes !== null && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </Panel>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const remove = useRemoveTotp();
  return (
    <ConfirmPassword
      title={words.twoFactor.turnOffTitle}
      action={words.twoFactor.turnOffAction}
      dangerous
      busy={remove.isPending}
      error={remove.error}
      onConfirm={(confirmation) =>
        remove.mutate(confirmation, {
          onSuccess: () => {
            showToast(words.twoFactor.turnedOff);
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.twoFactor.turnOffLead}</p>
    </ConfirmPassword>
  );
}

function NewCodes({ onDone, onClose }: { onDone: (codes: string[] | null) => void; onClose: () => void }) {
  const make = useNewRecoveryCodes();
  return (
    <ConfirmPassword
      title={words.twoFactor.recoveryNewTitle}
      action={words.twoFactor.recoveryNewAction}
      busy={make.isPending}
      error={make.error}
      onConfirm={(confirmation) =>
        make.mutate(confirmation, { onSuccess: ({ recovery_codes: codes }) => onDone(codes) })
      }
      onClose={onClose}
    >
      <p>{words.twoFactor.recoveryNewLead}</p>
    </ConfirmPassword>
  );
}
