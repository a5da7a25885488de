import { useState } from 'react';
import { PURPOSES, type Purpose } from '../../model/policy.ts';
import { privacy as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { NumberField } from '../ui/number-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { BannerPreview } from './banner-preview.tsx';
import { BannerTexts } from './banner-texts.tsx';
import type { DraftProps } from './policy-part.tsx';

/** Whether and what visitors are asked, in which words, and what that looks like. */
export function BannerFields({ draft, wrong, onChange }: DraftProps) {
  const [language, setLanguage] = useState('en');
  const toggle = (purpose: Purpose, on: boolean) => {
    const others = draft.purposes.filter((other) => other !== purpose);
    onChange({ purposes: on ? [...others, purpose] : others });
  };
  return (
    <Panel title={words.policy.banner}>
      <div className="panel-body banner-parts">
        <div className="stack">
          <Checkbox
            label={words.policy.enabled}
            help={words.policy.enabledHelp}
            checked={draft.enabled}
            onChange={(enabled) => onChange({ enabled })}
          />
          <fieldset className="choice-field">
            <legend>{words.policy.purposes}</legend>
            {PURPOSES.map((purpose) => (
              <Checkbox
                key={purpose}
                label={words.policy.purposeNames[purpose]}
                checked={draft.purposes.includes(purpose)}
                onChange={(on) => toggle(purpose, on)}
              />
            ))}
          </fieldset>
          <TextField
            label={words.policy.url}
            value={draft.policyUrl}
            placeholder={words.policy.urlPlaceholder}
            mono
            wrong={wrong.has('policyUrl') ? words.wrong.url : undefined}
            onChange={(policyUrl) => onChange({ policyUrl })}
          />
          <NumberField
            label={words.policy.again}
            value={draft.askAgain}
            unit={words.policy.days}
            wrong={wrong.has('askAgain') ? words.wrong.again : undefined}
            onChange={(askAgain) => onChange({ askAgain })}
          />
          <BannerTexts
            texts={draft.texts}
            language={language}
            onLanguage={setLanguage}
            onChange={(texts) => onChange({ texts })}
          />
        </div>
        <BannerPreview draft={draft} language={language} />
      </div>
    </Panel>
  );
}
