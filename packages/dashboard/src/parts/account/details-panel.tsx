import type { User } from '@vedette/contract';
import { useState } from 'react';
import { useChangeAccount } from '../../api/account.ts';
import { showToast } from '../../state/toasts.ts';
import { account as words } from '../../text.ts';
import { Failure } from '../failure.tsx';
import { Panel } from '../panel.tsx';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';

/** The person's name. */
export function DetailsPanel({ user }: { user: User }) {
  const [name, setName] = useState(user.name);
  const change = useChangeAccount();
  const submit = async () => {
    if (name.trim() === '' || name.trim() === user.name) return;
    try {
      await change.mutateAsync({ name: name.trim() });
    } catch {
      // It is shown in the form.
      return;
    }
    const undo = async () => {
      await change.mutateAsync({ name: user.name });
      setName(user.name);
      showToast(words.details.undone);
    };
    showToast(words.details.saved, { undo });
  };
  return (
    <Panel title={words.details.title}>
      <div className="panel-body">
        <Form
          onSubmit={() => void submit()}
          busy={change.isPending}
          foot={
            <Button type="submit" kind="primary" busy={change.isPending} disabled={name.trim() === user.name}>
              {words.details.save}
            </Button>
          }
        >
          <TextField
            label={words.details.name}
            value={name}
            maxLength={200}
            autoComplete="name"
            wrong={name.trim() === '' ? words.details.nameWrong : undefined}
            onChange={setName}
          />
          <Failure error={change.error} />
        </Form>
      </div>
    </Panel>
  );
}
