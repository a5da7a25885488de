import { useState } from 'react';
import { FormDialog } from './form-dialog.tsx';
import { TextField } from './ui/text-field.tsx';

interface Props {
  title: string;
  label: string;
  /** As it is called now. */
  name: string;
  /** Said of a name that is empty. */
  wrong: string;
  action: string;
  busy: boolean;
  error: unknown;
  maxLength?: number;
  onName: (name: string) => void;
  onClose: () => void;
}

/** Asks for another name of a thing. */
export function NameDialog({ title, label, name, wrong, action, busy, error, maxLength = 200, ...rest }: Props) {
  const [typed, setTyped] = useState(name);
  const given = typed.trim();
  return (
    <FormDialog
      title={title}
      action={action}
      busy={busy}
      error={error}
      onSubmit={() => {
        if (given === name) rest.onClose();
        else if (given !== '') rest.onName(given);
      }}
      onClose={rest.onClose}
    >
      <TextField
        label={label}
        value={typed}
        maxLength={maxLength}
        wrong={given === '' ? wrong : undefined}
        onChange={setTyped}
      />
    </FormDialog>
  );
}
