import { useId } from 'react';

interface Props {
  label: string;
  help?: string;
  checked: boolean;
  disabled?: boolean;
  /** A switch takes effect at once, and looks it. */
  role?: 'switch';
  onChange: (checked: boolean) => void;
}

/** Yes or no, as part of a form that is sent afterwards. */
export function Checkbox({ label, help, checked, disabled = false, role, onChange }: Props) {
  const id = useId();
  return (
    <label className={role === undefined ? 'check' : `check ${role}`}>
      <input
        type="checkbox"
        role={role}
        checked={checked}
        disabled={disabled}
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
