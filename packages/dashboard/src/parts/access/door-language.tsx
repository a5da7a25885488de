import { chooseLanguage, useLanguage } from '../../state/language.ts';
import { showToast } from '../../state/toasts.ts';
import { text } from '../../text.ts';
import { LANGUAGES, type Language } from '../../texts/language.ts';
import { Select } from '../ui/select.tsx';

const OPTIONS = Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }));

/** The language of the page for who has no account yet, or is not known to have one. */
export function DoorLanguage() {
  const language = useLanguage();
  return (
    <Select
      aria-label={text.locale.language}
      value={language}
      options={OPTIONS}
      onChange={(chosen) => void chooseLanguage(chosen).catch(() => showToast(text.locale.failed, { tone: 'bad' }))}
    />
  );
}
