import { type ReactNode, useId } from 'react';

interface NumberProps {
  label: string;
  /** As it was typed. */
  value: string;
  unit: string;
  help?: string;
  /** What is wrong with it. */
  wrong?: string | undefined;
  onChange: (value: string) => void;
}

/** A number with its unit behind it. */
export function NumberField({ label, value, unit, help, wrong, onChange }: NumberProps) {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <span className="with-unit">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          className="text-field"
          value={value}
          maxLength={5}
          autoComplete="off"
          aria-invalid={wrong !== undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => onChange(event.target.value)}
        />
        <span aria-hidden="true">{unit}</span>
      </span>
      <FieldNote id={`${id}-note`} help={help} wrong={wrong} />
    </div>
  );
}

function FieldNote({ id, help, wrong }: { id: string; help?: string | undefined; wrong?: string | undefined }) {
  return (
    <small id={id} className={wrong === undefined ? 'muted' : 'form-error'}>
      {wrong ?? help}
    </small>
  );
}

interface TextProps {
  label: string;
  value: string;
  placeholder?: string;
  help?: string | undefined;
  wrong?: string | undefined;
  maxLength?: number;
  /** More than one line of it. */
  rows?: number;
  /** BCP 47, of what is typed. */
  lang?: string;
  mono?: boolean;
  onChange: (value: string) => void;
}

export function TextField({ label, value, help, wrong, rows, mono = false, onChange, ...rest }: TextProps) {
  const id = useId();
  const field = {
    id,
    value,
    className: mono ? 'text-field mono' : 'text-field',
    autoComplete: 'off',
    spellCheck: !mono,
    'aria-invalid': wrong !== undefined,
    'aria-describedby': `${id}-note`,
    ...rest,
  };
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {rows === undefined ? (
        <input type="text" {...field} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <textarea rows={rows} {...field} onChange={(event) => onChange(event.target.value)} />
      )}
      <FieldNote id={`${id}-note`} help={help} wrong={wrong} />
    </div>
  );
}

interface CheckProps {
  label: string;
  help?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function CheckField({ label, help, checked, onChange }: CheckProps) {
  const id = useId();
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        aria-describedby={help === undefined ? undefined : id}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label}
        {help !== undefined && (
          <small id={id} className="muted">
            {help}
          </small>
        )}
      </span>
    </label>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  options: readonly { value: T; label: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of some, below each other. */
export function ChoiceField<T extends string>({ legend, options, value, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="choice-field">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
