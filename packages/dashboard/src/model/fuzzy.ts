/** How well what is typed fits a name, for a list that narrows as one types. */

const EXACT = 1000;
const START = 200;
const WORD_START = 40;
const NEXT = 20;
/** Letters between two that fit: the farther apart, the less was it meant. */
const FARTHEST = 8;

/** Small letters without accents, each as one: `Österreich` is found by `osterreich`. */
export function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
}

/**
 * How well the typed words fit, all of them: the higher, the better; null where one does not. The letters of a word have
 * to be there in their order; together, and at the beginning of a word, they count for more.
 */
export function fuzzyScore(typed: string, text: string): number | null {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const hay = fold(text);
  if (words.join(' ') === hay) return EXACT;
  let sum = 0;
  for (const word of words) {
    const score = wordScore(word, hay);
    if (score === null) return null;
    sum += score;
  }
  // Of two that fit alike the shorter one was meant.
  return sum - hay.length / 100;
}

function wordScore(word: string, hay: string): number | null {
  const at = bestPlace(word, hay);
  if (at !== -1) return word.length * NEXT + (at === 0 ? START : isWordStart(hay, at) ? START / 2 : 0);
  let best: number | null = null;
  // A first letter that stands in several places: every beginning is tried.
  for (let start = hay.indexOf(word.charAt(0)); start !== -1; start = hay.indexOf(word.charAt(0), start + 1)) {
    const score = lettersScore(word, hay, start);
    if (score !== null && (best === null || score > best)) best = score;
  }
  return best;
}

/** Where the word stands as a whole, at the beginning of a word if it does anywhere; -1: nowhere. */
function bestPlace(word: string, hay: string): number {
  const first = hay.indexOf(word);
  for (let at = first; at !== -1; at = hay.indexOf(word, at + 1)) if (isWordStart(hay, at)) return at;
  return first;
}

function lettersScore(word: string, hay: string, start: number): number | null {
  let [score, last] = [isWordStart(hay, start) ? WORD_START : 0, start];
  for (const letter of word.slice(1)) {
    const at = nextPlace(letter, hay, last + 1);
    if (at === -1) return null;
    score += at === last + 1 ? NEXT : isWordStart(hay, at) ? WORD_START : -Math.min(at - last, FARTHEST);
    last = at;
  }
  // Letters strewn over a long name were not meant.
  return score > 0 ? score : null;
}

/** The letter that follows at once, else the one that begins a word, else the next one there is. */
function nextPlace(letter: string, hay: string, from: number): number {
  if (hay.charAt(from) === letter) return from;
  const next = hay.indexOf(letter, from);
  for (let at = next; at !== -1; at = hay.indexOf(letter, at + 1)) if (isWordStart(hay, at)) return at;
  return next;
}

function isWordStart(hay: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(hay.charAt(at - 1));
}
