/** What is to be said of a password while it is typed; what it must be is the hub's to decide. */
export type Strength = 'short' | 'same' | 'guessable' | 'weak' | 'fair' | 'good';

/** Bits from which somebody who has the hash needs years, at the hub's cost of a guess. */
const FAIR_BITS = 45;
const GOOD_BITS = 60;
const LEAST_DIFFERENT = 4;
const LEAST_WORD = 4;
/** What everybody tries first. */
const COMMON = ['vedette', 'password', 'passwort', 'qwerty', 'qwertz', 'letmein', 'welcome', 'admin', 'secret'];

/** How many characters are missing to the least length; 0 for none. */
export function missing(password: string, least: number): number {
  return Math.max(0, least - [...password].length);
}

/**
 * A rough estimate: kinds of characters and length, where what repeats, follows the alphabet or the keyboard's digits,
 * or stands in the person's own e-mail address and name counts next to nothing.
 */
export function strengthOf(password: string, least: number, of: readonly string[]): Strength {
  if (missing(password, least) > 0) return 'short';
  if (new Set(password.toLowerCase()).size < LEAST_DIFFERENT) return 'same';
  const own = of.flatMap((text) => text.toLowerCase().split(/[\s@.]+/)).filter((word) => word.length >= LEAST_WORD);
  const rest = [...own, ...COMMON]
    .sort((a, b) => b.length - a.length)
    .reduce((text, word) => text.replaceAll(word, ' '), password.toLowerCase());
  if (rest.replaceAll(/[\d\W_]/g, '').length < LEAST_WORD && rest.trim() !== password.toLowerCase()) return 'guessable';
  const bits = unforeseen(rest) * Math.log2(alphabetOf(password));
  if (bits < FAIR_BITS) return 'weak';
  return bits < GOOD_BITS ? 'fair' : 'good';
}

/** Characters that do not follow from the one before. */
function unforeseen(text: string): number {
  let count = 0;
  let before = Number.NaN;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    count += Math.abs(code - before) <= 1 ? 0.2 : 1;
    before = code;
  }
  return count;
}

function alphabetOf(password: string): number {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^a-zA-Z\d]/, 30],
  ];
  // Words rather than letters: an alphabet of all kinds would promise too much of a sentence.
  return Math.min(
    60,
    kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0),
  );
}
