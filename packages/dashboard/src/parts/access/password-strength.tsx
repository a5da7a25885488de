import { missing, type Strength, strengthOf } from '../../model/password.ts';
import { access as words } from '../../text.ts';

const STEPS: Record<Strength, number> = { short: 1, same: 1, guessable: 1, weak: 1, fair: 2, good: 3 };

interface Props {
  password: string;
  /** Characters that it has at least. */
  least: number;
  /** What is known of the person, and would be guessed first. */
  of: readonly string[];
  /** Whether the field says already what is wrong with it. */
  told: boolean;
}

/** How strong a password is while it is typed, in words and as a bar. */
export function PasswordStrength({ password, least, of, told }: Props) {
  const strength = strengthOf(password, least, of);
  const step = password === '' ? 0 : STEPS[strength];
  return (
    <div className={`strength step-${step}`}>
      <span className="strength-bar" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <small role="status">
        {password !== '' && !told && (
          <>
            <span className="visually-hidden">{words.password.label}: </span>
            {strength === 'short' ? words.password.short(missing(password, least)) : words.password[strength]}
          </>
        )}
      </small>
    </div>
  );
}
