/** Objects and lists inside one another that a document may have; what people send has fewer than ten. */
export const DEEPEST_JSON = 32;

/**
 * Parses JSON that somebody else wrote. What nests deeper than `deepest` is an error before anything is parsed, so that
 * nothing behind this needs to fear for its stack.
 */
export function parseBounded(text: string, deepest = DEEPEST_JSON): { json: unknown } | { error: string } {
  if (isDeeper(text, deepest)) return { error: `more than ${deepest} objects or lists are inside one another` };
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return { error: (error as Error).message.slice(0, 200) };
  }
}

/** Whether brackets outside of strings are ever more than `deepest` open. */
function isDeeper(text: string, deepest: number): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      i = endOfString(text, i);
    } else if (code === 91 || code === 123) {
      if (++open > deepest) return true;
    } else if (code === 93 || code === 125) {
      open--;
    }
  }
  return false;
}

/** Offset of the quote that closes the string whose opening quote is at `from`; the end of the text when none does. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return quote;
  }
  return text.length;
}
