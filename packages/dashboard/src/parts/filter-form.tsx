import { type FormEvent, useId, useState } from 'react';
import { useSuggestions } from '../api/queries.ts';
import { type FieldInfo, type Operator, operatorsFor } from '../model/chip.ts';
import { valueLabel } from '../model/labels.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';

const NUMBER = /^(AS)?\d*(\.\d+)?(\.\.\d*(\.\d+)?)?$/i;

/** What is wrong with a value for a field, or null. Lists of alternatives are looked at one by one. */
function objection(field: FieldInfo, operator: Operator, value: string): string | null {
  if (field.kind === 'text') return operator.endsWith('~') && value === '' ? text.filter.needsValue : null;
  if (field.kind === 'flag') return null;
  const pieces = operator.endsWith('=') && operator.length <= 2 ? value.split(',') : [value];
  const good = pieces.every((piece) => {
    const trimmed = piece.trim();
    return trimmed !== '' && (NUMBER.test(trimmed) || (field.name === 'status' && /^[1-9]xx$/i.test(trimmed)));
  });
  return good ? null : text.filter.needsNumber;
}

/** Builds one condition: field, operator, value, with the values there are as suggestions. */
export function FilterForm({ onDone }: { onDone: () => void }) {
  const { fields, addChip } = useView();
  const list = useId();
  const [name, setName] = useState('path');
  const [chosen, setOperator] = useState<Operator>('=');
  const [value, setValue] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const field = fields.find((candidate) => candidate.name === name) ?? fields[0];
  const suggestions = useSuggestions(field?.kind === 'text' || field?.name === 'status' ? field.name : '');
  if (field === undefined) return null;
  const operators = operatorsFor(field.kind);
  const operator = operators.includes(chosen) ? chosen : '=';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const written = field.kind === 'flag' ? value || 'true' : value.trim();
    const problem = objection(field, operator, written);
    if (problem !== null) return setWrong(problem);
    addChip({ field: field.name, operator, value: written });
    onDone();
  };
  return (
    <form className="form filter-form" onSubmit={submit}>
      <div className="form-row">
        <label>
          {text.filter.field}
          <select
            value={field.name}
            onChange={(event) => {
              setName(event.target.value);
              setValue('');
              setWrong(null);
            }}
          >
            {fields.map((option) => (
              <option key={option.name} value={option.name}>
                {option.title}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.filter.operator}
          <select value={operator} onChange={(event) => setOperator(event.target.value as Operator)}>
            {operators.map((option) => (
              <option key={option} value={option}>
                {text.filter.is[option]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label>
        {text.filter.value}
        {field.kind === 'flag' ? (
          <select value={value || 'true'} onChange={(event) => setValue(event.target.value)}>
            <option value="true">{text.filter.yes}</option>
            <option value="false">{text.filter.no}</option>
          </select>
        ) : (
          <input
            type="text"
            value={value}
            list={list}
            autoComplete="off"
            spellCheck={false}
            inputMode={field.kind === 'number' ? 'text' : undefined}
            onChange={(event) => setValue(event.target.value)}
            aria-describedby={`${list}-hint`}
          />
        )}
      </label>
      <datalist id={list}>
        {suggestions.data?.rows.map((row) => {
          const option = String(row[field.name] ?? '');
          return option === '' ? null : (
            <option key={option} value={option}>
              {valueLabel(field.name, option)}
            </option>
          );
        })}
      </datalist>
      <p className="muted form-hint" id={`${list}-hint`}>
        {field.kind === 'number' ? text.filter.numberHint : field.kind === 'text' ? text.filter.hint : ' '}
      </p>
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
