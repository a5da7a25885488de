import { FormField } from './form-field.tsx';

interface Props {
  label: string;
  /** As it was typed. */
  value: string;
  unit: string;
  help?: string | undefined;
  /** What is wrong with it. */
  wrong?: string | undefined;
  maxLength?: number;
  onChange: (value: string) => void;
}

/** A number with its unit behind it. */
export function NumberField({ label, value, unit, help, wrong, maxLength = 5, onChange }: Props) {
  return (
    <FormField label={label} help={help} wrong={wrong}>
      {(control) => (
        <span className="with-unit">
          <input
            {...control}
            type="text"
            inputMode="numeric"
            className="text-field"
            value={value}
            maxLength={maxLength}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
          <span aria-hidden="true">{unit}</span>
        </span>
      )}
    </FormField>
  );
}
