/** The languages of the dashboard, by the names they have in themselves. docs/screens.md says how to add one. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** What a language has to say in place of these words: strings where they have strings, functions of the same values. */
export type Translated<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Key in keyof T]: Translated<T[Key]> };

/** Says how many of something there are, by a language's rules: `1 source`, `1,200 sources`. */
export function counting(locale: string): (count: number, one: string, other: string) => string {
  // Made when the first one is counted: a page that is being opened has enough to do.
  let rules: { plural: Intl.PluralRules; number: Intl.NumberFormat } | undefined;
  return (count, one, other) => {
    rules ??= { plural: new Intl.PluralRules(locale), number: new Intl.NumberFormat(locale) };
    return `${rules.number.format(count)} ${rules.plural.select(count) === 'one' ? one : other}`;
  };
}

export const counted = counting('en-GB');
