import { type PolicyDraft, PURPOSES, wordsOf } from '../../model/policy.ts';
import { languageName, PRODUCT_TEXTS } from '../../state/product-texts.ts';
import { privacy as words } from '../../text.ts';

/** What visitors would see, as a picture of it: nothing in it can be pressed. */
export function BannerPreview({ draft, language }: { draft: PolicyDraft; language: string }) {
  const found = wordsOf(language, draft.texts, PRODUCT_TEXTS);
  const asked = PURPOSES.filter((purpose) => draft.purposes.includes(purpose));
  return (
    <div className="banner-preview" role="region" aria-label={words.policy.preview}>
      <h3>{words.policy.preview}</h3>
      <p className="muted form-hint">{words.policy.previewHelp(languageName(language))}</p>
      {found === null || !draft.enabled || asked.length === 0 ? (
        <p className="banner-none">{words.policy.notAsked}</p>
      ) : (
        <div lang={language}>
          <div className="banner-box">
            <strong>{found.words.title}</strong>
            <p>
              {found.words.body}
              {draft.policyUrl.trim() !== '' && (
                <>
                  {' '}
                  <u>{found.words.policy}</u>
                </>
              )}
            </p>
            <p className="banner-buttons">
              <span>{found.words.accept}</span>
              <span>{found.words.refuse}</span>
              <span className="quiet">{found.words.choose}</span>
            </p>
          </div>
          <p className="muted form-hint" lang="en">
            {words.policy.afterChoose(found.words.choose)}
          </p>
          <div className="banner-box">
            {asked.map((purpose) => (
              <p key={purpose} className="banner-purpose">
                <i aria-hidden="true" />
                <span>
                  <strong>{found.words[purpose]}</strong>
                  <br />
                  {found.words[`${purpose}_detail`]}
                </span>
              </p>
            ))}
            <p className="banner-buttons">
              <span>{found.words.save}</span>
            </p>
          </div>
          <p className="muted form-hint" lang="en">
            {words.policy.withGpc}
          </p>
          <div className="banner-box">
            <p>{found.words.gpc}</p>
          </div>
        </div>
      )}
    </div>
  );
}
