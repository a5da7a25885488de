import type { SecondFactorKind } from '@vedette/contract';
import { useState } from 'react';
import { useLogInWays } from '../api/log-in.ts';
import { Door } from '../parts/access/door.tsx';
import { ForgottenForm } from '../parts/access/forgotten-form.tsx';
import { LogInForm } from '../parts/access/log-in-form.tsx';
import { SecondFactorForm } from '../parts/access/second-factor-form.tsx';
import { Answered } from '../parts/answered.tsx';
import { Command } from '../parts/command.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { useSearch } from '../state/location.ts';
import { text, access as words } from '../text.ts';
import { SignIn } from './sign-in.tsx';
import '../styles/access.css';

type Step = 'begin' | 'forgotten' | readonly SecondFactorKind[];

interface Props {
  /** Whose account it shall be, where that is known. */
  email?: string;
  /** Said above the form. */
  lead?: string;
  onRetry: () => void;
}

/** Shown in place of whatever the address names to a browser without a session; afterwards one is where one was. */
export function LogIn({ email, lead, onRetry }: Props) {
  const ways = useLogInWays();
  const search = useSearch();
  const [step, setStep] = useState<Step>(() => (new URLSearchParams(search).has('forgotten') ? 'forgotten' : 'begin'));
  const notice = noticeOf(search);
  if (ways.data?.set_up === false) return <SignIn onRetry={onRetry} />;
  const title =
    step === 'begin' ? words.logIn.title : step === 'forgotten' ? words.forgotten.title : words.second.title;
  return (
    <Door title={title} {...(step === 'begin' && lead !== undefined && { lead })}>
      {step === 'begin' && notice}
      <Answered query={ways} loading={<Skeleton lines={5} />}>
        {(known) => (
          <>
            {step === 'begin' && (
              <LogInForm
                ways={known}
                {...(email !== undefined && { email })}
                onSecond={setStep}
                onForgotten={() => setStep('forgotten')}
              />
            )}
            {step === 'forgotten' && <ForgottenForm mail={known.mail} onBack={() => setStep('begin')} />}
            {typeof step === 'object' && <SecondFactorForm factors={step} onBack={() => setStep('begin')} />}
          </>
        )}
      </Answered>
      {step === 'forgotten' && (
        <details className="door-recover">
          <summary>{words.logIn.recover}</summary>
          <p className="muted">{words.logIn.recoverLead}</p>
          <Command line={text.signIn.command} />
        </details>
      )}
    </Door>
  );
}

/** What led here: the provider's refusal of a single sign-on, or a password that was just changed. */
function noticeOf(search: string) {
  const parameters = new URLSearchParams(search);
  const refused = parameters.get('error');
  if (refused !== null) {
    return (
      <p className="bad-note" role="alert">
        <span>
          <strong>{words.failed.sso}.</strong> {words.sso[refused as keyof typeof words.sso] ?? words.sso['sso-failed']}
        </span>
      </p>
    );
  }
  if (parameters.has('changed')) {
    return (
      <p className="good-note" role="status">
        <span>{words.logIn.changed}</span>
      </p>
    );
  }
  return null;
}
