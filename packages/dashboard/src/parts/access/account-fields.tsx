import { isEmail } from '../../model/email.ts';
import { missing } from '../../model/password.ts';
import { access as words } from '../../text.ts';
import { TextField } from '../ui/text-field.tsx';
import { NewPasswordField } from './new-password-field.tsx';

/** What a new account is made of, as it is typed. */
export interface Draft {
  email: string;
  name: string;
  password: string;
}

interface Props {
  draft: Draft;
  /** Characters that a password has at least. */
  least: number;
  /** Whether it was tried to send: what is missing is said then. */
  tried: boolean;
  /** Whether the address is given and not to be changed. */
  emailFixed?: boolean;
  emailHelp?: string;
  onChange: (draft: Draft) => void;
}

/** Whether a new account may be sent to the hub, which decides. */
export function isComplete({ email, name, password }: Draft, least: number): boolean {
  return isEmail(email) && name.trim() !== '' && missing(password, least) === 0;
}

export function AccountFields({ draft, least, tried, emailFixed = false, emailHelp, onChange }: Props) {
  const { email, name, password } = draft;
  return (
    <>
      <TextField
        label={words.fields.email}
        type="email"
        value={email}
        maxLength={254}
        autoComplete="username"
        readOnly={emailFixed}
        help={emailHelp}
        wrong={tried && !isEmail(email) ? words.wrong.email : undefined}
        onChange={(value) => onChange({ ...draft, email: value })}
      />
      <TextField
        label={words.fields.name}
        value={name}
        maxLength={200}
        autoComplete="name"
        wrong={tried && name.trim() === '' ? words.wrong.name : undefined}
        onChange={(value) => onChange({ ...draft, name: value })}
      />
      <NewPasswordField
        label={words.fields.password}
        value={password}
        least={least}
        of={[email, name]}
        tried={tried}
        onChange={(value) => onChange({ ...draft, password: value })}
      />
    </>
  );
}
