import type { ConsentText } from '@vedette/contract';
import messages from '../../../contract/messages/consent.json';
import { LOCALE } from '../texts/language.ts';

/** The product's words for the banner, by language. */
export const PRODUCT_TEXTS: Readonly<Record<string, ConsentText>> = messages;

const names = new Intl.DisplayNames([LOCALE], { type: 'language', fallback: 'code' });

/** `German`; the tag itself for what has no name. */
export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
