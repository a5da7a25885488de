/** Longest key that is kept whole. Longer ones are cut and marked, so that hostile lines cannot fill the memory. */
export const LONGEST_KEY = 512;

/**
 * A copy of a text that holds no reference to the text it was cut from. V8 keeps a slice as a pointer into its
 * parent, so one kept path would keep the whole block it was read with. Longer than `longest`: cut, with `…`.
 */
export function ownText(text: string, longest = LONGEST_KEY): string {
  if (text.length > longest) return ownText(`${text.slice(0, longest - 1)}…`, longest);
  // Joining makes a new flat text; slices of 12 characters and fewer are always copied by V8.
  return text.length < 13 ? text : ` ${text}`.slice(1);
}
