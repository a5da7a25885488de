import { privacy as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { ChoiceField } from '../ui/choice-field.tsx';
import { NumberField } from '../ui/number-field.tsx';
import type { DraftProps } from './policy-part.tsx';

const UNKNOWNS = (['pseudonymous', 'counted'] as const).map((value) => ({
  value,
  label: words.policy.unknowns[value],
}));
const REFERRERS = (['full', 'host', 'none'] as const).map((value) => ({ value, label: words.policy.referrers[value] }));

/** What is kept at all. Every choice here can only make it less than the consent table allows. */
export function KeepingFields({ draft, wrong, onChange }: DraftProps) {
  return (
    <Panel title={words.policy.keeping}>
      <div className="panel-body">
        <div className="field-grid wide">
          <ChoiceField
            legend={words.policy.unknown}
            options={UNKNOWNS}
            value={draft.unknown}
            onChange={(unknown) => onChange({ unknown })}
          />
          <ChoiceField
            legend={words.policy.referrer}
            options={REFERRERS}
            value={draft.referrer}
            onChange={(referrer) => onChange({ referrer })}
          />
          <div className="stack">
            <Checkbox
              label={words.policy.city}
              help={words.policy.cityHelp}
              checked={draft.city}
              onChange={(city) => onChange({ city })}
            />
            <Checkbox
              label={words.policy.dnt}
              help={words.policy.dntHelp}
              checked={draft.honourDnt}
              onChange={(honourDnt) => onChange({ honourDnt })}
            />
          </div>
          <NumberField
            label={words.policy.group}
            value={draft.leastGroup}
            unit={words.policy.people}
            help={words.policy.groupHelp}
            wrong={wrong.has('leastGroup') ? words.wrong.group : undefined}
            onChange={(leastGroup) => onChange({ leastGroup })}
          />
        </div>
      </div>
    </Panel>
  );
}
