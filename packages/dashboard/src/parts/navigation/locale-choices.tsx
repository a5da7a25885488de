import type { Me } from '@vedette/contract';
import { describeError } from '../../api/client.ts';
import { useChooseLanguage } from '../../api/language.ts';
import { useLanguage } from '../../state/language.ts';
import { chooseZone, localZone, useZoneChoice, type ZoneChoice } from '../../state/zone.ts';
import { text } from '../../text.ts';
import { LANGUAGES, type Language } from '../../texts/language.ts';
import { focusContent } from '../in-locale.tsx';
import { MenuChoice, MenuNote } from '../ui/menu.tsx';

const TAGS = Object.keys(LANGUAGES) as Language[];

/** In a menu: the language of the dashboard, and whether times are those of the browser's zone or UTC. */
export function LocaleChoices({ me }: { me: Me }) {
  const language = useLanguage();
  const zone = useZoneChoice();
  const choose = useChooseLanguage(me);
  const zones: { value: ZoneChoice; label: string }[] = [
    { value: 'local', label: text.locale.local(localZone().replaceAll('_', ' ')) },
    { value: 'utc', label: 'UTC' },
  ];
  return (
    <>
      <MenuChoice
        label={text.locale.language}
        options={TAGS.map((value) => ({ value, label: LANGUAGES[value] }))}
        value={language}
        onChange={(chosen) => void choose.mutateAsync(chosen).then(focusContent, () => undefined)}
      />
      {choose.error !== null && <MenuNote>{describeError(choose.error).title}</MenuNote>}
      <MenuChoice
        label={text.locale.zone}
        options={zones}
        value={zone}
        onChange={(chosen) => {
          chooseZone(chosen);
          focusContent();
        }}
      />
    </>
  );
}
