import { type KeyboardEvent, useId, useState } from 'react';
import { isLanguage, type PolicyDraft, wordsOf } from '../../model/policy.ts';
import { MOST_CHARACTERS, TEXT_PARTS, type TextPart } from '../../model/text-parts.ts';
import { languageName, PRODUCT_TEXTS } from '../../state/product-texts.ts';
import { consent, privacy as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { TextField } from '../ui/text-field.tsx';

type Texts = PolicyDraft['texts'];

interface Props {
  texts: Texts;
  language: string;
  onLanguage: (language: string) => void;
  onChange: (texts: Texts) => void;
}

/** One's own words for the banner, language by language; what is left empty is the product's. */
export function BannerTexts({ texts, language, onLanguage, onChange }: Props) {
  const id = useId();
  const own = texts[language] ?? {};
  const usual = wordsOf(language, {}, PRODUCT_TEXTS)?.product;
  const languages = [...new Set([...Object.keys(PRODUCT_TEXTS), ...Object.keys(texts), language])].toSorted();
  const set = (part: TextPart, value: string) => onChange({ ...texts, [language]: { ...own, [part]: value } });
  const hasOwn = (tag: string) => Object.values(texts[tag] ?? {}).some((value) => value.trim() !== '');
  return (
    <fieldset className="banner-texts">
      <legend>{words.policy.texts}</legend>
      <p className="muted form-hint">{words.policy.textsHelp}</p>
      <div className="language-row">
        <label htmlFor={id}>{words.policy.language}</label>
        <span className="select">
          <select id={id} value={language} onChange={(event) => onLanguage(event.target.value)}>
            {languages.map((tag) => (
              <option key={tag} value={tag}>
                {`${languageName(tag)}${hasOwn(tag) ? ` (${words.policy.own})` : ''}`}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </span>
        <AddLanguage onAdd={onLanguage} />
      </div>
      {TEXT_PARTS.map((part) => (
        <TextField
          key={`${language} ${part}`}
          label={consent.texts.fields[part]}
          value={own[part] ?? ''}
          placeholder={usual?.[part] ?? ''}
          maxLength={MOST_CHARACTERS[part]}
          lang={language}
          {...(MOST_CHARACTERS[part] >= 500 && { rows: 3 })}
          onChange={(value) => set(part, value)}
        />
      ))}
      {hasOwn(language) && (
        <button type="button" className="button small" onClick={() => onChange({ ...texts, [language]: {} })}>
          {words.policy.removeLanguage(languageName(language))}
        </button>
      )}
    </fieldset>
  );
}

function AddLanguage({ onAdd }: { onAdd: (language: string) => void }) {
  const [tag, setTag] = useState('');
  const [wrong, setWrong] = useState(false);
  const add = () => {
    const written = tag.trim();
    setWrong(!isLanguage(written));
    if (!isLanguage(written)) return;
    onAdd(written);
    setTag('');
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // It must not save the policy.
    event.preventDefault();
    add();
  };
  return (
    <>
      <input
        type="text"
        className="text-field language-field"
        value={tag}
        placeholder={words.policy.languagePlaceholder}
        aria-label={words.policy.languageAdd}
        aria-invalid={wrong}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTag(event.target.value)}
        onKeyDown={press}
      />
      <button type="button" className="button small" onClick={add}>
        {words.policy.add}
      </button>
      {wrong && (
        <p className="form-error" role="alert">
          {words.policy.languageBad}
        </p>
      )}
    </>
  );
}
