import { mostDays, RETAINED } from '../../model/policy.ts';
import { privacy as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { NumberField } from '../ui/number-field.tsx';
import type { DraftProps } from './policy-part.tsx';

/** How long each kind of data is kept. */
export function RetentionFields({ draft, wrong, onChange }: DraftProps) {
  return (
    <Panel title={words.policy.retention}>
      <div className="panel-body">
        <p className="muted">{words.policy.retentionHelp}</p>
        <div className="field-grid">
          {RETAINED.map((name) => (
            <NumberField
              key={name}
              label={words.policy.retained[name]}
              value={draft.retention[name]}
              unit={words.policy.days}
              wrong={wrong.has(`retention.${name}`) ? words.wrong.days(mostDays(name)) : undefined}
              onChange={(value) => onChange({ retention: { ...draft.retention, [name]: value } })}
            />
          ))}
        </div>
      </div>
    </Panel>
  );
}
