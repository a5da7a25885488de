import { useId } from 'react';
import { useKey } from '../api/sources.ts';
import { findKey, isLoopback, parseOrigin } from '../model/ways.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Command } from './command.tsx';

/** What was typed; the page keeps it for all ways, and nothing keeps it longer. */
export interface Typed {
  key: string;
  address: string;
}

interface Props {
  typed: Typed;
  onType: (typed: Typed) => void;
}

/** How to make a key, and the fields whose content goes into the snippets. */
export function KeyPanel({ typed, onType }: Props) {
  const { tenant } = useView();
  const keyNote = useId();
  const addressNote = useId();
  return (
    <section className="panel step">
      <h2>{text.firstSteps.keyTitle}</h2>
      <p className="muted">{text.firstSteps.keyLead(tenant.name || tenant.slug)}</p>
      <Command line={text.firstSteps.keyCommand(tenant.slug)} />
      <div className="step-fields">
        <div className="field">
          <label>
            {text.firstSteps.key}
            <input
              type="text"
              className="mono"
              value={typed.key}
              placeholder={text.firstSteps.keyPlaceholder}
              spellCheck={false}
              autoComplete="off"
              aria-describedby={keyNote}
              onChange={(event) => onType({ ...typed, key: event.target.value })}
            />
          </label>
          <small id={keyNote} role="status">
            <KeyNote typed={typed.key} />
          </small>
        </div>
        <div className="field">
          <label>
            {text.firstSteps.address}
            <input
              type="text"
              className="mono"
              inputMode="url"
              value={typed.address}
              placeholder={window.location.origin}
              spellCheck={false}
              autoComplete="off"
              aria-describedby={addressNote}
              aria-invalid={parseOrigin(typed.address) === undefined}
              onChange={(event) => onType({ ...typed, address: event.target.value })}
            />
          </label>
          <small id={addressNote}>
            <AddressNote typed={typed.address} />
          </small>
        </div>
      </div>
    </section>
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
