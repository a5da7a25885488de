import { missing } from '../../model/password.ts';
import { access as words } from '../../text.ts';
import { PasswordField } from '../ui/password-field.tsx';
import { PasswordStrength } from './password-strength.tsx';

interface Props {
  label: string;
  value: string;
  /** Characters that it has at least. */
  least: number;
  /** What is known of the person, and would be guessed first. */
  of: readonly string[];
  /** Whether it was tried to send: that it is too short is said as an error then. */
  tried: boolean;
  onChange: (value: string) => void;
}

/** A password that is being chosen: what it must be is said before it is typed, how strong it is while it is. */
export function NewPasswordField({ label, value, least, of, tried, onChange }: Props) {
  const short = missing(value, least);
  const told = tried && short > 0;
  return (
    <div className="new-password">
      <PasswordField
        label={label}
        kind="new"
        value={value}
        help={words.password.rules(least)}
        wrong={told ? words.password.short(short) : undefined}
        onChange={onChange}
      />
      <PasswordStrength password={value} least={least} of={of} told={told} />
    </div>
  );
}
