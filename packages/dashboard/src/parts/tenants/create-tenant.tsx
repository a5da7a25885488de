import { useState } from 'react';
import { useCreateTenant } from '../../api/tenants.ts';
import { isSlug, slugOf } from '../../model/slug.ts';
import { addressOf, goTo } from '../../state/location.ts';
import { showToast } from '../../state/toasts.ts';
import { tenants as words } from '../../text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Makes a tenant; its short name follows from the name until it is typed itself. */
export function CreateTenant({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const create = useCreateTenant();
  const slug = typed ?? slugOf(name);
  const submit = () => {
    setTried(true);
    if (name.trim() === '' || !isSlug(slug)) return;
    create.mutate(
      { slug, name: name.trim() },
      {
        onSuccess: () => {
          const invite = () => goTo(addressOf('people', { tenant: slug }));
          showToast(words.create.done(name.trim()), { next: { label: words.create.invite, run: invite } });
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={words.create.title}
      action={words.create.action}
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={words.create.name}
        value={name}
        maxLength={200}
        wrong={tried && name.trim() === '' ? words.create.nameWrong : undefined}
        onChange={setName}
      />
      <TextField
        label={words.create.slug}
        value={slug}
        maxLength={63}
        mono
        help={words.create.slugHelp}
        wrong={tried && !isSlug(slug) ? words.create.slugWrong : undefined}
        onChange={setTyped}
      />
    </FormDialog>
  );
}
