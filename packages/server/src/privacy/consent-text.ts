import { createHash } from 'node:crypto';
import type { ConsentText, PrivacyPolicy } from '@vedette/contract';
import messages from '@vedette/contract/messages/consent.json' with { type: 'json' };

/** The banner's words in one language. */
export interface BannerText {
  /** BCP 47, as the policy or the product spells it. */
  language: string;
  /** First 16 hexadecimal digits of SHA-256 over the canonical JSON of the words. */
  version: string;
  text: ConsentText;
}

/** In which the product speaks. */
export const PRODUCT_LANGUAGES: readonly string[] = Object.keys(messages);
const PRODUCT: Readonly<Record<string, ConsentText>> = messages;
const FALLBACK = 'en';
const LONGEST_LANGUAGE = 35;

const known = new WeakMap<PrivacyPolicy, Map<string, BannerText>>();

/**
 * The words that hold under a policy for whoever reads `language` (BCP 47): the policy's own, the product's where it has
 * none. Looked up as RFC 4647 §3.4 has it: de-AT, then de, then English.
 */
export function bannerText(policy: PrivacyPolicy, language: string): BannerText {
  const texts = bannerTexts(policy);
  let range = language.slice(0, LONGEST_LANGUAGE).toLowerCase();
  while (range !== '') {
    const found = texts.get(range);
    if (found !== undefined) return found;
    range = range.slice(0, Math.max(0, range.lastIndexOf('-'))).replace(/-[a-z0-9]$/, '');
  }
  return texts.get(FALLBACK) as BannerText;
}

/** All words that hold under a policy, by language in lower case. */
export function bannerTexts(policy: PrivacyPolicy): ReadonlyMap<string, BannerText> {
  let texts = known.get(policy);
  if (texts === undefined) {
    const own = policy.banner.texts;
    texts = new Map(
      [...PRODUCT_LANGUAGES, ...Object.keys(own)].map((language) => [language.toLowerCase(), assemble(language, own)]),
    );
    known.set(policy, texts);
  }
  return texts;
}

function assemble(language: string, own: PrivacyPolicy['banner']['texts']): BannerText {
  const [base = ''] = language.toLowerCase().split('-', 1);
  const text = Object.freeze({
    ...(PRODUCT[FALLBACK] as ConsentText),
    ...PRODUCT[base],
    ...own[base],
    ...own[language],
  });
  return Object.freeze({ language, version: textVersion(text), text });
}

/** The version of words; equal words have equal versions. */
export function textVersion(text: ConsentText): string {
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(text).sort(([a], [b]) => (a < b ? -1 : 1))));
  return createHash('sha256').update(canonical).digest('hex').slice(0, 16);
}
