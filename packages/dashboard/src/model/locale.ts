/**
 * How numbers, times and lists are written at the moment: by which language and region, and in which time zone. Set by
 * state/language.ts and state/zone.ts, which have the screen drawn anew.
 */

/** A BCP 47 tag, region and all: `de-AT` writes some numbers otherwise than `de-DE`. */
export let LOCALE = 'en-GB';
/** A name of the IANA time zone database. */
export let ZONE = 'UTC';

export function setLocale(tag: string): void {
  LOCALE = tag;
}

export function setZone(name: string): void {
  ZONE = name;
}

/**
 * A formatter of Intl, made when it is first used and again when the language or the zone is another: making one takes
 * a hundred times as long as using it.
 */
export function perLocale<T>(make: (locale: string, zone: string) => T): () => T {
  let made: { locale: string; zone: string; value: T } | undefined;
  return () => {
    if (made?.locale !== LOCALE || made.zone !== ZONE) made = { locale: LOCALE, zone: ZONE, value: make(LOCALE, ZONE) };
    return made.value;
  };
}

/** The wishes as language tags that Intl knows, in their order. */
function readTags(wishes: readonly (string | null | undefined)[]): Intl.Locale[] {
  return wishes.flatMap((wish) => {
    try {
      return [new Intl.Locale(wish ?? '')];
    } catch {
      return [];
    }
  });
}

/**
 * The first wish (BCP 47 tags, the dearest first) that is met by one of the languages offered, and the region to write
 * numbers and times by: the first one that is wished for with that language. `null` when no wish can be met.
 */
export function pickLanguage<T extends string>(
  wishes: readonly (string | null | undefined)[],
  offered: readonly T[],
): { language: T; locale: string | null } | null {
  const tags = readTags(wishes);
  const language = tags.map((tag) => offered.find((name) => name === tag.language)).find((name) => name !== undefined);
  if (language === undefined) return null;
  const regional = tags.find((tag) => tag.language === language && tag.region !== undefined);
  return { language, locale: regional === undefined ? null : `${language}-${regional.region}` };
}
