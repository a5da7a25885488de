import { type ReactNode, useId } from 'react';

interface Props<T extends string> {
  legend: string;
  options: readonly { value: T; label: ReactNode; help?: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of some, below each other. */
export function ChoiceField<T extends string>({ legend, options, value, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className="choice-field">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="check">
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>
            {option.label}
            {option.help !== undefined && <small className="muted">{option.help}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
