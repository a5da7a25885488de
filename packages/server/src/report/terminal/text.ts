const number = new Intl.NumberFormat('en-GB');

/** `1,234,567` */
export function count(value: number): string {
  return number.format(value);
}

/** A share with one decimal below ten percent; '<0.1 %' instead of a nought that is none. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (part / whole) * 100;
  if (share === 0) return '0 %';
  if (share < 0.1) return '<0.1 %';
  return `${share < 9.95 ? share.toFixed(1) : Math.round(share)} %`;
}

/** Bytes in powers of 1,000: `1.2 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 || scaled >= 99.95 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

/** Milliseconds in a readable unit: `0.4 ms`, `12 ms`, `1.25 s`. */
export function duration(ms: number): string {
  if (ms >= 60_000) return `${(ms / 60_000).toFixed(1)} min`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 10
    ? `${Math.round(ms)} ms`
    : ms >= 0.1 || ms === 0
      ? `${ms.toFixed(1)} ms`
      : `${Math.round(ms * 1000)} µs`;
}

/** `2025-12-19 00:01` of an RFC 3339 time in UTC. */
export function minuteOf(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

// Control characters could drive the terminal, bidirectional ones could reorder the line.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;

/** A text from a log, safe to print: what could move the cursor or reorder the line is shown as `\u{…}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`);
}

/** Columns that a character takes. */
function widthOf(character: string): number {
  if (/^\p{M}/u.test(character)) return 0;
  const code = character.codePointAt(0) as number;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Exactly `columns` wide: cut with `…` or filled with spaces. The text must be printable. */
export function fit(text: string, columns: number): string {
  let width = 0;
  let short = '';
  for (const character of text) {
    const next = width + widthOf(character);
    if (next > columns) return `${cutTo(text, columns - 1)}…`;
    short += character;
    width = next;
  }
  return short + ' '.repeat(columns - width);
}

function cutTo(text: string, columns: number): string {
  let width = 0;
  let short = '';
  for (const character of text) {
    if (width + widthOf(character) > columns) break;
    short += character;
    width += widthOf(character);
  }
  return short + ' '.repeat(columns - width);
}

/** Columns that a printable text takes. */
export function columnsOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}
