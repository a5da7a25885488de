import type { KeyScope, MadeKey } from '@vedette/contract';
import { useState } from 'react';
import { useMakeKey } from '../../api/keys.ts';
import { keys as words } from '../../text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { ChoiceField } from '../ui/choice-field.tsx';
import { SelectField } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';

const SCOPES: readonly KeyScope[] = ['ingest', 'read', 'admin'];
type Term = keyof typeof words.make.terms;
const TERMS: readonly Term[] = ['+30d', '+90d', '+365d', ''];

/** Makes a key: what it is for, what it may do, until when. */
export function MakeKey({ onMade, onClose }: { onMade: (made: MadeKey) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<KeyScope>('ingest');
  const [term, setTerm] = useState<Term>('+365d');
  const [tried, setTried] = useState(false);
  const make = useMakeKey();
  const submit = () => {
    setTried(true);
    if (name.trim() === '') return;
    make.mutate({ scope, name: name.trim(), ...(term !== '' && { expires: term }) }, { onSuccess: onMade });
  };
  return (
    <FormDialog
      title={words.make.title}
      action={words.make.action}
      busy={make.isPending}
      error={make.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={words.make.name}
        value={name}
        maxLength={200}
        help={words.make.nameHelp}
        wrong={tried && name.trim() === '' ? words.make.nameWrong : undefined}
        onChange={setName}
      />
      <ChoiceField
        legend={words.make.scope}
        value={scope}
        options={SCOPES.map((value) => ({ value, label: value, help: words.scopeHelp[value] }))}
        onChange={setScope}
      />
      <SelectField
        label={words.make.expires}
        value={term}
        options={TERMS.map((value) => ({ value, label: words.make.terms[value] }))}
        help={words.make.expiresHelp}
        onChange={setTerm}
      />
    </FormDialog>
  );
}
