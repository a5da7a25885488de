import type { Integration } from '@vedette/contract';
import { type FormEvent, useRef, useState } from 'react';
import { describeError } from '../../api/client.ts';
import { useChangeIntegration } from '../../api/integrations.ts';
import {
  type IntegrationDraft,
  isChanged,
  missingSecrets,
  toChange,
  toDraft,
  wrongSettings,
} from '../../model/integration.ts';
import { integrations as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { FigureTable } from './figure-table.tsx';
import { IntegrationState } from './integration-state.tsx';
import { LeavesNote } from './leaves-note.tsx';
import { RemoveIntegration } from './remove-integration.tsx';
import { SecretFields } from './secret-fields.tsx';
import { SettingFields } from './setting-fields.tsx';

/** One integration: what it is set to, what leaves with it, how it goes, and its figures beside one's own. */
export function IntegrationCard({ integration, admin }: { integration: Integration; admin: boolean }) {
  const { kind, enabled, settings } = integration;
  const [draft, setDraft] = useState<IntegrationDraft | null>(null);
  const shown = draft ?? toDraft(integration);
  const change = (part: Partial<IntegrationDraft>) => setDraft({ ...shown, ...part });
  const changed = isChanged(integration, shown);
  const state = settings === null ? 'unset' : enabled ? 'on' : 'off';
  return (
    <Panel
      title={words.names[kind]}
      className="integration"
      actions={<span className={state === 'on' ? 'badge good' : 'badge'}>{words.states[state]}</span>}
    >
      <div className="panel-body">
        <IntegrationForm
          integration={integration}
          admin={admin}
          draft={shown}
          changed={changed}
          onChange={change}
          onDone={() => setDraft(null)}
        />
        {settings !== null && (
          <>
            <IntegrationState integration={integration} />
            {admin && <ConnectionTest kind={kind} changed={changed} />}
            <FigureTable kind={kind} />
            {admin && <RemoveIntegration kind={kind} onRemoved={() => setDraft(null)} />}
          </>
        )}
      </div>
    </Panel>
  );
}

interface FormProps {
  integration: Integration;
  admin: boolean;
  draft: IntegrationDraft;
  changed: boolean;
  onChange: (part: Partial<IntegrationDraft>) => void;
  /** The draft is saved or given up. */
  onDone: () => void;
}

function IntegrationForm({ integration, admin, draft, changed, onChange, onDone }: FormProps) {
  const save = useChangeIntegration(integration.kind);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = toChange(draft);
    setTried(body === null || missing.length > 0);
    if (body !== null && missing.length > 0) return;
    if (body !== null) save.mutate(body, { onSuccess: onDone });
    // Once what is wrong is marked.
    else requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const missing = missingSecrets(draft, integration.secrets);
  const failure = save.error === null ? null : describeError(save.error);
  return (
    <form ref={form} className="stack" onSubmit={submit} noValidate aria-label={words.names[integration.kind]}>
      <fieldset className="stack" disabled={!admin || save.isPending}>
        <Checkbox
          label={words.settings.enabled}
          checked={draft.enabled}
          onChange={(enabled) => onChange({ enabled })}
        />
        <SettingFields
          settings={draft.settings}
          wrong={tried ? wrongSettings(draft.settings) : []}
          onChange={(settings) => onChange({ settings })}
        />
        <SecretFields
          secrets={integration.secrets}
          draft={draft.secrets}
          editable={admin}
          onChange={(secrets) => onChange({ secrets })}
        />
      </fieldset>
      <LeavesNote draft={draft} />
      {tried && missing.length > 0 && (
        <p className="form-error" role="alert">
          {words.secrets.missing(missing.map((name) => words.secrets.names[name] ?? name))}
        </p>
      )}
      {failure !== null && (
        <p className="form-error" role="alert">
          {failure.title} <span lang={failure.lang}>{failure.detail}</span>
        </p>
      )}
      {admin && (
        <div className="button-row">
          <button type="submit" className="button primary" disabled={!changed || save.isPending}>
            {words.save}
          </button>
          {changed && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setTried(false);
                save.reset();
                onDone();
              }}
            >
              {words.discard}
            </button>
          )}
          <span role="status" className="good-text">
            {save.isSuccess && !changed && words.saved}
          </span>
        </div>
      )}
    </form>
  );
}
