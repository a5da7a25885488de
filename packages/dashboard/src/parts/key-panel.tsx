import { type ReactNode, useId } from 'react';
import { useKey } from '../api/sources.ts';
import { findKey, isLoopback, parseOrigin } from '../model/ways.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Command } from './command.tsx';
import { Link } from './link.tsx';

/** What was typed; the page keeps it for all ways, and nothing keeps it longer. */
export interface Typed {
  key: string;
  address: string;
}

interface Props {
  /** Whether the way that was chosen has any use for a key. */
  withKey: boolean;
  typed: Typed;
  onType: (typed: Typed) => void;
}

/** How to make a key, and the fields whose content goes into the snippets. */
export function KeyPanel({ withKey, typed, onType }: Props) {
  const { tenant, may, linkTo } = useView();
  return (
    <section className="panel step">
      <h2>{withKey ? text.firstSteps.keyTitle : text.firstSteps.addressTitle}</h2>
      {withKey && (
        <>
          <p className="muted">{text.firstSteps.keyLead(tenant.name || tenant.slug)}</p>
          <Command line={text.firstSteps.keyCommand(tenant.slug)} />
          {may('keys') && <Link to={linkTo('keys')}>{text.firstSteps.keyScreen}</Link>}
        </>
      )}
      <div className="step-fields">
        {withKey && (
          <Field
            label={text.firstSteps.key}
            value={typed.key}
            placeholder={text.firstSteps.keyPlaceholder}
            note={<KeyNote typed={typed.key} />}
            onChange={(key) => onType({ ...typed, key })}
          />
        )}
        <Field
          label={text.firstSteps.address}
          value={typed.address}
          placeholder={window.location.origin}
          note={<AddressNote typed={typed.address} />}
          onChange={(address) => onType({ ...typed, address })}
        />
      </div>
    </section>
  );
}

interface FieldProps {
  label: string;
  value: string;
  placeholder: string;
  /** What is to be said of the value. */
  note: ReactNode;
  onChange: (value: string) => void;
}

function Field({ label, value, placeholder, note, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label>
        {label}
        <input
          type="text"
          className="mono"
          value={value}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-describedby={id}
          onChange={(event) => onChange(event.target.value)}
        />
      </label>
      <small id={id} role="status">
        {note}
      </small>
    </div>
  );
}

/** What is wrong with the key, or that it is right, by the hub's own word. */
function KeyNote({ typed }: { typed: string }) {
  const { tenant } = useView();
  const key = findKey(typed);
  const { data, error } = useKey(key);
  if (typed.trim() === '') return text.firstSteps.keyHelp;
  if (key === '') return <span className="warning-text">{text.firstSteps.keyNone}</span>;
  if (data === null) return <span className="warning-text">{text.firstSteps.keyUnknown}</span>;
  if (data === undefined) return error === null ? '…' : text.error.network;
  if (data.principal.scope === 'read') return <span className="warning-text">{text.firstSteps.keyReadOnly}</span>;
  const own = data.tenants[0];
  const name = own?.name || own?.slug || '';
  if (own?.id !== tenant.id) {
    return <span className="warning-text">{text.firstSteps.keyForeign(name, tenant.name || tenant.slug)}</span>;
  }
  return <span className="good-text">{text.firstSteps.keyGood(name)}</span>;
}

function AddressNote({ typed }: { typed: string }) {
  const origin = parseOrigin(typed);
  if (origin === undefined) return <span className="warning-text">{text.firstSteps.addressBad}</span>;
  return isLoopback(origin) ? text.firstSteps.addressLoopback : null;
}
