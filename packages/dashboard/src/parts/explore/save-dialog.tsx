import { useState } from 'react';
import { useSaveView } from '../../api/views.ts';
import { savedQuery } from '../../model/explore.ts';
import { useChange, useSearch } from '../../state/location.ts';
import { showToast } from '../../state/toasts.ts';
import { useView } from '../../state/view-context.ts';
import { explore as words } from '../../text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Saves what is shown under a name, for oneself or for everybody in the tenant. */
export function SaveDialog({ onClose }: { onClose: () => void }) {
  const { may } = useView();
  const search = useSearch();
  const change = useChange('explore');
  const save = useSaveView();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [wrong, setWrong] = useState(false);
  const submit = () => {
    const given = name.trim();
    if (given === '') return setWrong(true);
    save.mutate(
      { name: given, screen: 'explore', query: savedQuery(search), shared },
      {
        onSuccess: ({ id }) => {
          showToast(words.views.saved(given));
          change({ view: id }, { replace: true });
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={words.views.saveTitle}
      action={words.views.save}
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={words.views.name}
        value={name}
        maxLength={80}
        wrong={wrong && name.trim() === '' ? words.views.nameWrong : undefined}
        onChange={setName}
      />
      {may('views') && <Checkbox label={words.views.share} checked={shared} onChange={setShared} />}
    </FormDialog>
  );
}
