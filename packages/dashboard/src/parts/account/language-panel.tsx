import { useChooseLanguage } from '../../api/language.ts';
import { useLanguage } from '../../state/language.ts';
import { useView } from '../../state/view-context.ts';
import { text, account as words } from '../../text.ts';
import { LANGUAGES, type Language } from '../../texts/language.ts';
import { Failure } from '../failure.tsx';
import { Panel } from '../panel.tsx';
import { SelectField } from '../ui/select.tsx';

const OPTIONS = Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }));

/** The language of the dashboard, in force at once and wherever the person logs in. */
export function LanguagePanel() {
  const { me } = useView();
  const language = useLanguage();
  const choose = useChooseLanguage(me);
  return (
    <Panel title={text.locale.language}>
      <div className="panel-body">
        <SelectField
          label={words.language.label}
          value={language}
          options={OPTIONS}
          help={words.language.help}
          onChange={(chosen) => choose.mutate(chosen)}
        />
        <Failure error={choose.error} />
      </div>
    </Panel>
  );
}
