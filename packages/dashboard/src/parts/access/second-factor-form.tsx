import type { SecondFactorKind } from '@vedette/contract';
import { useState } from 'react';
import { usePasskeyLogIn, useSecondFactor } from '../../api/log-in.ts';
import { hasPasskeys } from '../../state/passkeys.ts';
import { access as words } from '../../text.ts';
import { CodeField } from '../ui/code-field.tsx';
import { Form } from '../ui/form.tsx';
import { AccessFailure } from './access-failure.tsx';
import { focusFirst } from './focus-first.ts';

interface Props {
  factors: readonly SecondFactorKind[];
  onBack: () => void;
}

/** The second step of a log-in: a one-time code, a recovery code, or a passkey. */
export function SecondFactorForm({ factors, onBack }: Props) {
  const possible = factors.filter((factor) => factor !== 'passkey' || hasPasskeys());
  const [way, setWay] = useState<SecondFactorKind>(
    (['totp', 'passkey', 'recovery'] as const).find((one) => possible.includes(one)) ?? 'recovery',
  );
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const second = useSecondFactor();
  const passkey = usePasskeyLogIn();
  const busy = second.isPending || passkey.isPending;
  const send = (typed: string) => {
    setTried(true);
    if (typed.trim() !== '') second.mutate(typed.trim());
  };
  const use = (other: SecondFactorKind) => {
    setWay(other);
    setCode('');
    setTried(false);
    second.reset();
    passkey.reset();
  };
  return (
    <div key={way} ref={focusFirst}>
      <Form
        className="door-form"
        onSubmit={() => (way === 'passkey' ? passkey.mutate({}) : send(code))}
        busy={busy}
        foot={
          <button type="submit" className="button primary wide" disabled={busy}>
            {way === 'passkey' ? words.second.passkey : words.second.action}
          </button>
        }
      >
        <p className="muted">{words.second.leads[way]}</p>
        {way !== 'passkey' && (
          <CodeField
            label={way === 'totp' ? words.second.code : words.second.recoveryCode}
            value={code}
            digits={way === 'totp' ? 6 : null}
            wrong={tried && code.trim() === '' ? words.wrong.code : undefined}
            error={second.error}
            onComplete={send}
            onChange={setCode}
          />
        )}
        <AccessFailure error={second.error ?? passkey.error} />
      </Form>
      <div className="door-links">
        {possible
          .filter((other) => other !== way)
          .map((other) => (
            <button key={other} type="button" className="link as-text" onClick={() => use(other)}>
              {words.second.instead[other]}
            </button>
          ))}
        <button type="button" className="link as-text" onClick={onBack}>
          {words.second.back}
        </button>
      </div>
    </div>
  );
}
