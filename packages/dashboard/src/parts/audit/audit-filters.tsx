import { useState } from 'react';
import type { AuditFilter } from '../../api/audit.ts';
import { actionChoices } from '../../model/audit-action.ts';
import { isInOrder, NO_FILTER } from '../../model/audit-filter.ts';
import { audit as words } from '../../text.ts';
import { Button } from '../ui/button.tsx';
import { FormField } from '../ui/form-field.tsx';
import { SelectField } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';

interface Props {
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
}

/** Which entries: from when to when, by whom, what. */
export function AuditFilters({ filter, onFilter }: Props) {
  const [draft, setDraft] = useState(filter);
  const set = (change: Partial<AuditFilter>) => setDraft({ ...draft, ...change });
  const wrong = isInOrder(draft) ? undefined : words.filter.wrong;
  return (
    <form
      className="panel audit-filters"
      aria-label={words.filter.label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong === undefined) onFilter(draft);
      }}
    >
      <DayField label={words.filter.from} value={draft.from} onChange={(from) => set({ from })} />
      <DayField label={words.filter.to} value={draft.to} wrong={wrong} onChange={(to) => set({ to })} />
      <TextField
        label={words.filter.actor}
        value={draft.actor}
        maxLength={200}
        help={words.filter.actorHelp}
        onChange={(actor) => set({ actor })}
      />
      <SelectField
        label={words.filter.action}
        value={draft.action}
        options={choicesWith(filter.action)}
        onChange={(action) => set({ action })}
      />
      <div className="button-row">
        <Button type="submit" kind="primary">
          {words.filter.apply}
        </Button>
        <Button
          onClick={() => {
            setDraft(NO_FILTER);
            onFilter(NO_FILTER);
          }}
        >
          {words.filter.clear}
        </Button>
      </div>
    </form>
  );
}

/** Everything, each action by its words, and what the address asks for beside these: the beginning of several, say. */
function choicesWith(asked: string): { value: string; label: string }[] {
  const choices = [{ value: '', label: words.filter.everything }, ...actionChoices()];
  return choices.some(({ value }) => value === asked) ? choices : [...choices, { value: asked, label: asked }];
}

interface DayProps {
  label: string;
  value: string;
  wrong?: string | undefined;
  onChange: (value: string) => void;
}

function DayField({ label, value, wrong, onChange }: DayProps) {
  return (
    <FormField label={label} wrong={wrong}>
      {(control) => (
        <input
          {...control}
          type="date"
          className="text-field"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </FormField>
  );
}
