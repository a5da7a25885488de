import { type FormEvent, useId, useState } from 'react';
import { useSuggestions } from '../api/queries.ts';
import { type FieldInfo, type Operator, operatorsFor } from '../model/chip.ts';
import { valueLabel } from '../model/labels.ts';
import { objectionTo } from '../model/objection.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

/** Builds one condition: field, operator, value, with the values there are as suggestions. */
export function FilterForm({ onDone }: { onDone: () => void }) {
  const { fields, addChip } = useView();
  const [name, setName] = useState('path');
  const [chosen, setOperator] = useState<Operator>('=');
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const field = fields.find((candidate) => candidate.name === name) ?? fields[0];
  if (field === undefined) return null;
  const operators = operatorsFor(field.kind);
  const operator = operators.includes(chosen) ? chosen : '=';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const written = field.kind === 'flag' ? value || 'true' : value.trim();
    const problem = objectionTo(field, operator, written);
    if (problem !== null) return setWrong(problem);
    addChip({ field: field.name, operator, value: written });
    onDone();
  };
  const choose = (next: string) => {
    setName(next);
    setValue('');
    setWrong(null);
  };
  return (
    <form className="form filter-form" onSubmit={submit}>
      <div className="form-row">
        <Choice
          label={text.filter.field}
          value={field.name}
          options={fields.map((option) => [option.name, option.title])}
          onChange={choose}
        />
        <Choice
          label={text.filter.operator}
          value={operator}
          options={operators.map((option) => [option, text.filter.is[option]])}
          onChange={(next) => setOperator(next as Operator)}
        />
      </div>
      {field.kind === 'flag' ? (
        <Choice
          label={text.filter.value}
          value={value || 'true'}
          options={[
            ['true', text.filter.yes],
            ['false', text.filter.no],
          ]}
          onChange={setValue}
        />
      ) : (
        <ValueInput field={field} value={value} onChange={setValue} />
      )}
      {wrong !== null && (
        <p className="form-error" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" className="button primary">
        {text.filter.apply}
      </button>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, title]) => (
          <option key={option} value={option}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ValueProps {
  field: FieldInfo;
  value: string;
  onChange: (value: string) => void;
}

/** A text input that suggests the most frequent values of the field. */
function ValueInput({ field, value, onChange }: ValueProps) {
  const list = useId();
  const suggestions = useSuggestions(field.kind === 'text' || field.name === 'status' ? field.name : '');
  const values = (suggestions.data?.rows ?? []).map((row) => String(row[field.name] ?? ''));
  return (
    <>
      <label>
        {text.filter.value}
        <input
          type="text"
          value={value}
          list={list}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
          aria-describedby={`${list}-hint`}
        />
      </label>
      <datalist id={list}>
        {values
          .filter((option) => option !== '')
          .map((option) => (
            <option key={option} value={option}>
              {valueLabel(field.name, option)}
            </option>
          ))}
      </datalist>
      <p className="muted form-hint" id={`${list}-hint`}>
        {field.kind === 'number' ? text.filter.numberHint : text.filter.hint}
      </p>
    </>
  );
}
