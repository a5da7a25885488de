import type { Domain } from '@vedette/contract';
import { useState } from 'react';
import { useAddDomain, useRemoveDomain } from '../../api/domains.ts';
import { isPattern } from '../../model/domain-pattern.ts';
import { showToast } from '../../state/toasts.ts';
import { domains as words } from '../../text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Adds a host; what is not the operator's word is a claim until it is proved. */
export function AddDomain({ onAdded, onClose }: { onAdded: (domain: Domain) => void; onClose: () => void }) {
  const [pattern, setPattern] = useState('');
  const [tried, setTried] = useState(false);
  const add = useAddDomain();
  const submit = () => {
    setTried(true);
    if (!isPattern(pattern)) return;
    add.mutate(
      { pattern: pattern.trim().toLowerCase() },
      {
        onSuccess: (domain) => {
          showToast(words.add.done(domain.pattern));
          onAdded(domain);
        },
      },
    );
  };
  return (
    <FormDialog
      title={words.add.title}
      action={words.add.action}
      busy={add.isPending}
      error={add.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={words.add.pattern}
        value={pattern}
        maxLength={300}
        mono
        help={words.add.help}
        wrong={tried && !isPattern(pattern) ? words.add.wrong : undefined}
        onChange={setPattern}
      />
    </FormDialog>
  );
}

export function RemoveDomain({ domain: { pattern }, onClose }: { domain: Domain; onClose: () => void }) {
  const remove = useRemoveDomain();
  return (
    <ConfirmDialog
      title={words.remove.title(pattern)}
      action={words.remove.action}
      dangerous
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(pattern, {
          onSuccess: () => {
            showToast(words.remove.done(pattern));
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <p>{words.remove.lead}</p>
    </ConfirmDialog>
  );
}
