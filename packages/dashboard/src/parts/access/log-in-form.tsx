import type { LogInWays, SecondFactorKind } from '@vedette/contract';
import { useEffect, useRef, useState } from 'react';
import { SSO_PATH, useLogIn, usePasskeyLogIn } from '../../api/log-in.ts';
import { hasPasskeys, offersPasskeys } from '../../state/passkeys.ts';
import { keepPlace } from '../../state/return-place.ts';
import { access as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { Form } from '../ui/form.tsx';
import { useKeptFocus } from '../ui/form-focus.ts';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { AccessFailure } from './access-failure.tsx';

interface Props {
  ways: LogInWays;
  /** Whose account it is, where that is known. */
  email?: string;
  onSecond: (factors: readonly SecondFactorKind[]) => void;
  onForgotten: () => void;
}

/** E-mail address and password, or what does without. */
export function LogInForm({ ways, email: known, onSecond, onForgotten }: Props) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const logIn = useLogIn();
  const passkey = usePasskey(ways.passkeys, onSecond);
  const submit = () => {
    setTried(true);
    if (email.trim() === '' || password === '' || logIn.isPending) return;
    passkey.reset();
    logIn.mutate(
      { email: email.trim(), password },
      {
        onSuccess: (answer) => {
          if (answer.next === 'second-factor') onSecond(answer.factors);
        },
      },
    );
  };
  return (
    <>
      <Form
        className="door-form"
        onSubmit={submit}
        busy={logIn.isPending}
        foot={
          <>
            <button type="submit" className="button primary wide" disabled={logIn.isPending}>
              {words.logIn.action}
            </button>
            <button type="button" className="link as-text" onClick={onForgotten}>
              {words.logIn.forgotten}
            </button>
          </>
        }
      >
        <TextField
          label={words.fields.email}
          type="email"
          value={email}
          maxLength={254}
          autoComplete="username webauthn"
          readOnly={known !== undefined}
          wrong={tried && email.trim() === '' ? words.wrong.email : undefined}
          onChange={setEmail}
        />
        <PasswordField
          label={words.fields.password}
          kind="current"
          value={password}
          wrong={tried && password === '' ? words.wrong.password : undefined}
          onChange={setPassword}
        />
        <AccessFailure error={logIn.error ?? passkey.error} />
      </Form>
      <OtherWays ways={ways} passkey={passkey} />
    </>
  );
}

/** What does without the password. */
function OtherWays({ ways: { sso }, passkey }: { ways: LogInWays; passkey: ReturnType<typeof usePasskey> }) {
  if (sso === null && !passkey.possible) return null;
  return (
    <div className="door-ways">
      <p className="door-or muted">{words.logIn.or}</p>
      {passkey.possible && (
        <button type="button" className="button wide" disabled={passkey.pending} onClick={passkey.ask}>
          <Icon name="key" />
          {words.logIn.passkey}
        </button>
      )}
      {sso !== null && (
        <a className="button wide" href={SSO_PATH} onClick={keepPlace}>
          {words.logIn.sso(sso.name)}
        </a>
      )}
    </div>
  );
}

/** The passkeys of this browser: offered in the field of the e-mail address where it can, and by a button. */
function usePasskey(allowed: boolean, onSecond: Props['onSecond']) {
  const asked = usePasskeyLogIn();
  const offered = usePasskeyLogIn();
  const offer = useRef<AbortController>(null);
  useKeptFocus(asked.isPending);
  const { mutate } = offered;
  useEffect(() => {
    if (!allowed) return;
    const controller = new AbortController();
    offer.current = controller;
    void offersPasskeys().then((offers) => {
      if (offers && !controller.signal.aborted) mutate({ offered: true, signal: controller.signal });
    });
    return () => controller.abort();
  }, [allowed, mutate]);
  return {
    possible: allowed && hasPasskeys(),
    pending: asked.isPending,
    // That nothing was picked from an offer is no failure.
    error: asked.error,
    reset: asked.reset,
    ask: () => {
      // A browser asks one question at a time.
      offer.current?.abort();
      asked.mutate({}, { onSuccess: (answer) => answer.next === 'second-factor' && onSecond(answer.factors) });
    },
  };
}
