import type { Integration } from '@vedette/contract';
import { useId } from 'react';
import type { SecretDraft } from '../../model/integration.ts';
import { stamp } from '../../model/times.ts';
import { integrations as words } from '../../text.ts';

interface Props {
  secrets: Integration['secrets'];
  draft: SecretDraft;
  editable: boolean;
  onChange: (draft: SecretDraft) => void;
}

/** The secrets, of which only whether and when they were set is known: they can be replaced and removed, never read. */
export function SecretFields({ secrets, draft, editable, onChange }: Props) {
  return (
    <fieldset className="secrets">
      <legend>{words.secrets.title}</legend>
      <p className="muted form-hint">{words.secrets.lead}</p>
      {secrets.map((secret) => (
        <Secret
          key={secret.name}
          secret={secret}
          draft={draft[secret.name]}
          editable={editable}
          onChange={(value) => {
            const { [secret.name]: _, ...others } = draft;
            onChange(value === undefined ? others : { ...others, [secret.name]: value });
          }}
        />
      ))}
    </fieldset>
  );
}

interface SecretProps {
  secret: Integration['secrets'][number];
  /** undefined: it stays as it is. */
  draft: string | null | undefined;
  editable: boolean;
  onChange: (value: string | null | undefined) => void;
}

function Secret({ secret: { name, set, changed }, draft, editable, onChange }: SecretProps) {
  const id = useId();
  const label = words.secrets.names[name] ?? name;
  const state = set ? words.secrets.set(stamp(Date.parse(changed ?? ''))) : words.secrets.unset;
  return (
    <div className="secret">
      <div className="secret-head">
        <span className="secret-name" id={id}>
          {label}
        </span>
        <span className="muted" role="status">
          {draft === null ? words.secrets.removing : draft === undefined ? state : words.secrets.replacing}
        </span>
      </div>
      {typeof draft === 'string' && <SecretInput name={name} label={label} value={draft} onChange={onChange} />}
      {editable && (
        <div className="button-row" role="group" aria-labelledby={id}>
          {draft === undefined ? (
            <>
              <button type="button" className="button small" onClick={() => onChange('')}>
                {set ? words.secrets.replace : words.secrets.enter}
              </button>
              {set && (
                <button type="button" className="button small" onClick={() => onChange(null)}>
                  {words.secrets.remove}
                </button>
              )}
            </>
          ) : (
            <button type="button" className="button small" onClick={() => onChange(undefined)}>
              {words.secrets.keep}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

interface InputProps {
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** Takes a new value without showing it; a key that is a file has lines, so that it needs a larger field. */
function SecretInput({ name, label, value, onChange }: InputProps) {
  const focus = (node: HTMLElement | null) => node?.focus();
  const field = {
    ref: focus,
    value,
    className: 'text-field mono',
    'aria-label': words.secrets.value(label),
    autoComplete: 'off',
    spellCheck: false,
    maxLength: 20_000,
  };
  return name === 'service_account' ? (
    <textarea {...field} rows={4} placeholder={words.secrets.file} onChange={(event) => onChange(event.target.value)} />
  ) : (
    <input type="password" {...field} autoComplete="new-password" onChange={(event) => onChange(event.target.value)} />
  );
}
