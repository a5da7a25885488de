import { Icon } from '../icon.tsx';
import { FormField } from './form-field.tsx';

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  disabled?: boolean;
}

interface SelectProps<T extends string> {
  options: readonly SelectOption<T>[];
  value: T;
  onChange: (value: T) => void;
}

/** One of some behind a button: the browser's own control, which is the phone's picker there. */
export function Select<T extends string>({
  options,
  value,
  onChange,
  ...control
}: SelectProps<T> & {
  id?: string;
  disabled?: boolean;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
}) {
  return (
    <span className="select">
      <select {...control} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}

interface FieldProps<T extends string> extends SelectProps<T> {
  label: string;
  help?: string | undefined;
  wrong?: string | undefined;
}

/** A select with its label, help and error, as a field of a form. */
export function SelectField<T extends string>({ label, help, wrong, ...select }: FieldProps<T>) {
  return (
    <FormField label={label} help={help} wrong={wrong}>
      {(control) => <Select {...control} {...select} />}
    </FormField>
  );
}
