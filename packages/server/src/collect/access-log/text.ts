/** True for the code of an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Value of a hexadecimal digit's code, -1 when it is none. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Whole number of decimal digits between two offsets; -1 when there is anything else or too much of it. */
export function digits(text: string, from: number, to: number): number {
  if (from >= to || to - from > 15) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A number field: decimal digits with an optional fraction; -1 when it is anything else. */
export function decimal(text: string): number {
  if (text.length === 0 || text.length > 20) return -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) dots++;
    else if (!isDigit(code)) return -1;
  }
  const value = Number(text);
  return dots > 1 || Number.isNaN(value) ? -1 : value;
}

/**
 * Offset of the quote that closes a field, from the offset after the opening one: the first that no backslash escapes
 * and that a separator or the end of the line follows. -1 when there is none. Servers that do not escape quotes in
 * what clients send are read right as long as no space follows the quote.
 */
export function closingQuote(line: string, from: number, separator = 32): number {
  let quote = line.indexOf('"', from);
  while (quote >= 0) {
    const after = quote + 1 === line.length ? separator : line.charCodeAt(quote + 1);
    if (after === separator && !isEscaped(line, quote, from)) return quote;
    quote = line.indexOf('"', quote + 1);
  }
  return -1;
}

/** Whether an odd number of backslashes stands before an offset. */
export function isEscaped(line: string, at: number, from: number): boolean {
  if (line.charCodeAt(at - 1) !== 92) return false;
  let i = at - 1;
  while (i >= from && line.charCodeAt(i) === 92) i--;
  return ((at - 1 - i) & 1) === 1;
}

/**
 * Undoes what servers write for awkward characters in quoted fields: `\"`, `\\` and `\xNN`. Bytes are read as UTF-8
 * where they are valid, else as Latin-1. Control characters stay in their `\xNN` form, so that none reaches a terminal.
 * `pairs` false: only `\xNN`, for text whose backslashes were dealt with already.
 */
export function unescapeField(text: string, pairs = true): string {
  if (text.indexOf('\\') < 0) return text;
  let out = '';
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) out += decodeBytes(bytes);
    bytes = [];
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 92 || i + 1 >= text.length) {
      flush();
      out += text[i];
      continue;
    }
    const next = text.charCodeAt(++i);
    if (next === 120) {
      const value = hexDigit(text.charCodeAt(i + 1)) * 16 + hexDigit(text.charCodeAt(i + 2));
      if (value >= 0 && hexDigit(text.charCodeAt(i + 2)) >= 0) {
        bytes.push(value);
        i += 2;
        continue;
      }
    }
    flush();
    if (pairs && (next === 34 || next === 92)) out += text[i];
    else {
      out += '\\';
      i--;
    }
  }
  flush();
  return out;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeBytes(bytes: number[]): string {
  let text: string;
  try {
    text = utf8.decode(Uint8Array.from(bytes));
  } catch {
    text = Buffer.from(bytes).toString('latin1');
  }
  return escapeControls(text);
}

/** Text with its control characters (C0, DEL, C1) written as `\xNN`. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

/**
 * Fields between separators, or in quotes (taken off, escapes undone) with spaces inside; brackets too when asked.
 * At most `most` fields; a quoted field that is not closed runs to the end.
 */
export function splitFields(line: string, most: number, brackets = false, from = 0): string[] {
  const fields: string[] = [];
  let at = from;
  while (at < line.length && fields.length < most) {
    const code = line.charCodeAt(at);
    if (code === 32) {
      at++;
      continue;
    }
    let end: number;
    if (code === 34 || (brackets && code === 91)) {
      end = code === 34 ? closingQuote(line, at + 1) : line.indexOf(']', at);
      if (end < 0) end = line.length;
      const inner = line.slice(at + 1, end);
      fields.push(code === 34 ? unescapeField(inner) : inner);
      end++;
    } else {
      end = line.indexOf(' ', at);
      if (end < 0) end = line.length;
      fields.push(line.slice(at, end));
    }
    at = end;
  }
  return fields;
}
