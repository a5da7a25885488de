import { useId } from 'react';

interface Props<T extends string> {
  label: string;
  options: readonly { value: T; label: string; title?: string; mark?: string }[];
  value: T | null;
  onChange: (value: T) => void;
}

/** A row of choices of which one holds: radio buttons, so that arrow keys move between them. */
export function Segments<T extends string>({ label, options, value, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.title} className={option.value === value ? 'on' : ''}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            aria-label={option.title}
          />
          {option.mark !== undefined && <i className={`mark ${option.mark}`} />}
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
