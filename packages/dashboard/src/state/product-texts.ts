import type { ConsentText } from '@vedette/contract';
import messages from '../../../contract/messages/consent.json';
import { perLocale } from '../model/locale.ts';

/** The product's words for the banner, by language. */
export const PRODUCT_TEXTS: Readonly<Record<string, ConsentText>> = messages;

const names = perLocale((locale) => new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' }));

/** `German`; the tag itself for what has no name. */
export function languageName(tag: string): string {
  try {
    return names().of(tag) ?? tag;
  } catch {
    return tag;
  }
}
