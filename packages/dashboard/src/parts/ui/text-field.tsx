import type { HTMLInputAutoCompleteAttribute, ReactNode } from 'react';
import { FormField } from './form-field.tsx';

interface Props {
  label: string;
  value: string;
  type?: 'text' | 'email' | 'url';
  placeholder?: string;
  optional?: boolean;
  help?: ReactNode;
  wrong?: string | undefined;
  maxLength?: number;
  /** More than one line of it. */
  rows?: number;
  /** BCP 47, of what is typed. */
  lang?: string;
  mono?: boolean;
  /** What the browser may fill in; nothing unless said. */
  autoComplete?: HTMLInputAutoCompleteAttribute;
  readOnly?: boolean;
  onChange: (value: string) => void;
}

/** A line or more of text. */
export function TextField({ label, optional, help, wrong, rows, mono = false, onChange, ...rest }: Props) {
  const { type = 'text', autoComplete = 'off', ...field } = rest;
  const common = {
    ...field,
    className: mono ? 'text-field mono' : 'text-field',
    autoComplete,
    spellCheck: !mono && type === 'text',
    ...(mono || type !== 'text' ? { autoCapitalize: 'off' } : {}),
  };
  return (
    <FormField label={label} help={help} wrong={wrong} {...(optional && { optional })}>
      {(control) =>
        rows === undefined ? (
          <input type={type} {...common} {...control} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <textarea rows={rows} {...common} {...control} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </FormField>
  );
}
