import { useSyncExternalStore } from 'react';
import { pickLanguage, setLocale } from '../model/locale.ts';
import { english, speak, type Words } from '../text.ts';
import { LANGUAGES, type Language } from '../texts/language.ts';

const KEY = 'vedette.language';
const OFFERED = Object.keys(LANGUAGES) as Language[];

/** English comes with the page; the others are fetched by those who read them. */
const WORDS: Record<Language, () => Promise<Words>> = {
  en: async () => english,
  de: async () => (await import('../texts/de.ts')).german,
};
/** The region where nobody wishes for one. */
const REGION: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

const listeners = new Set<() => void>();
let spoken: Language = 'en';
let newest = 0;
let followed: string | null = null;

/** The language in force. */
export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => spoken,
  );
}

/** Puts the language in force that was chosen in this browser, or that the browser asks for. To be done before drawing. */
export async function beginLanguage(): Promise<void> {
  await change([stored()]).catch(() => {
    // Its words could not be fetched: English it is, and the next load tries again.
    document.documentElement.lang = spoken;
  });
}

/**
 * Puts the language of somebody's account in force, when it is first known or was changed; and remembers it in this
 * browser, so that the next load begins with it. `null`: they have none, and what the browser says stays.
 */
export async function followAccount(locale: string | null): Promise<void> {
  if (locale === null || locale === followed) return;
  followed = locale;
  store(locale);
  await change([locale]).catch(() => undefined);
}

/** Chooses a language in this browser. Throws when its words cannot be fetched; the former one then stays. */
export async function chooseLanguage(language: Language): Promise<void> {
  await change([language]);
  store(language);
}

async function change(wishes: readonly (string | null)[]): Promise<void> {
  const turn = ++newest;
  const picked = pickLanguage([...wishes, ...navigator.languages], OFFERED);
  const language = picked?.language ?? 'en';
  const words = await WORDS[language]();
  // A later choice was quicker.
  if (turn !== newest) return;
  speak(words);
  setLocale(picked?.locale ?? REGION[language]);
  document.documentElement.lang = language;
  spoken = language;
  for (const listener of listeners) listener();
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(tag: string): void {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // Not remembered; it holds for this page.
  }
}
