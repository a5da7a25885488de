import { type FormEvent, type ReactNode, useRef } from 'react';
import { describeError } from '../../api/client.ts';
import { useFormFocus } from './form-focus.ts';

interface Props {
  onSubmit: () => void;
  /** While it is being sent: pressing again does nothing. */
  busy?: boolean;
  /** Why the hub did not take it. */
  error?: unknown;
  className?: string;
  /** The buttons. */
  foot: ReactNode;
  children: ReactNode;
}

/** Fields and what sends them. After a try that failed, the focus is on the first field that is wrong. */
export function Form({ onSubmit, busy = false, error, className = '', foot, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const tried = useFormFocus(form, busy);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    onSubmit();
    tried();
  };
  const failure = error === null || error === undefined ? null : describeError(error);
  return (
    <form ref={form} className={`stack ${className}`} onSubmit={submit} aria-busy={busy} noValidate>
      {children}
      {failure !== null && (
        <p className="form-error" role="alert">
          {failure.title} <span lang={failure.lang}>{failure.detail}</span>
        </p>
      )}
      <div className="button-row">{foot}</div>
    </form>
  );
}
