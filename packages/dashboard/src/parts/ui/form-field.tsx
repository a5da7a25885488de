import { type ReactNode, useId } from 'react';
import { ui as words } from '../../text.ts';

/** What ties a control to its label, help and error; spread onto it. */
export interface ControlProps {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

interface Props {
  label: string;
  /** Says so behind the label; what is not optional needs no mark. */
  optional?: boolean;
  help?: ReactNode;
  /** What is wrong with it, and what would be right. */
  wrong?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}

/** A label above a control and, below it, help or what is wrong: both are read out with the control. */
export function FormField({ label, optional = false, help, wrong, children }: Props) {
  const id = useId();
  const note = wrong ?? help;
  const described = note === undefined || note === null ? undefined : `${id}-note`;
  return (
    <div className="form-field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="muted"> ({words.optional})</span>}
      </label>
      {children({ id, 'aria-invalid': wrong !== undefined, 'aria-describedby': described })}
      {/* Always there: fields beside each other keep their rows. */}
      <small id={`${id}-note`} className={wrong === undefined ? 'muted' : 'form-error'}>
        {note}
      </small>
    </div>
  );
}
