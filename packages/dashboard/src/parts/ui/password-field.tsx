import { type ReactNode, useState } from 'react';
import { ui as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { FormField } from './form-field.tsx';

interface Props {
  label: string;
  value: string;
  /** `new`: a password manager offers to make one. */
  kind: 'current' | 'new';
  help?: ReactNode;
  wrong?: string | undefined;
  onChange: (value: string) => void;
}

/** A password, which can be shown while it is typed and pasted into (WCAG 2.2, 3.3.8). */
export function PasswordField({ label, value, kind, help, wrong, onChange }: Props) {
  const [shown, setShown] = useState(false);
  const toggle = shown ? words.hidePassword : words.showPassword;
  return (
    <FormField label={label} help={help} wrong={wrong}>
      {(control) => (
        <span className="with-button">
          <input
            {...control}
            type={shown ? 'text' : 'password'}
            className="text-field"
            value={value}
            autoComplete={`${kind}-password`}
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          <button
            type="button"
            className="icon-button small"
            aria-label={toggle}
            title={toggle}
            onClick={() => setShown(!shown)}
          >
            <Icon name={shown ? 'eye-off' : 'eye'} />
          </button>
        </span>
      )}
    </FormField>
  );
}
