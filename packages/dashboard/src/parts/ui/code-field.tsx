import { useEffect, useRef } from 'react';
import { ui as words } from '../../text.ts';
import { FormField } from './form-field.tsx';

interface Props {
  label: string;
  value: string;
  /** How many digits; null for codes that hold letters too (recovery codes). */
  digits?: number | null;
  help?: string;
  wrong?: string | undefined;
  /** Why the hub did not take it. */
  error?: unknown;
  /** The last digit was typed or all of them pasted. */
  onComplete?: (code: string) => void;
  onChange: (value: string) => void;
}

/**
 * A one-time code: one field, so that it can be pasted, filled in by the phone and read out as a whole. Blanks and hyphens
 * of a pasted code are left out of digits.
 */
export function CodeField({ label, value, digits = 6, help, wrong, error = null, onComplete, onChange }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After a wrong code the next one is typed over it.
    if (wrong === undefined && error === null) return;
    field.current?.focus();
    field.current?.select();
  }, [wrong, error]);
  const change = (typed: string) => {
    if (digits === null) return onChange(typed);
    const code = typed.replaceAll(/\D/g, '').slice(0, digits);
    onChange(code);
    if (code.length === digits && code !== value) onComplete?.(code);
  };
  return (
    <FormField label={label} help={help ?? (digits === null ? undefined : words.codeHelp(digits))} wrong={wrong}>
      {(control) => (
        <input
          {...control}
          ref={field}
          type="text"
          className="text-field mono code-field"
          inputMode={digits === null ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </FormField>
  );
}
