import { UsageFault } from '../../model/fault.ts';
import { beforeParsing, type LineParser, type ParsedLine, refuse, shown } from './format.ts';
import { type Field, type Part, parseTemplate } from './template.ts';
import { blankRecord } from './template-field.ts';
import { isEscaped, unescapeField } from './text.ts';

/**
 * Reads lines by a template (see `parseTemplate` for its spellings): each field runs to the text that follows it in the
 * template; where that begins with a quote, quotes that a backslash escapes do not end the field. What stands behind the
 * template's end is passed over. `-` is an empty value.
 */
export class CustomParser implements LineParser {
  readonly format = 'custom';
  readonly #parts: readonly Part[];
  readonly #hasAgent: boolean;

  /** Throws UsageFault when there is no template or it makes no sense. */
  constructor(template: string | undefined) {
    if (template === undefined || template.trim() === '') {
      throw new UsageFault(
        'the custom log format needs a template, such as \'%{client.address} [%{time}] "%{request}"\'',
      );
    }
    this.#parts = parseTemplate(template);
    this.#hasAgent = this.#parts.some((part) => typeof part === 'object' && part.isAgent);
  }

  state(): string {
    return '';
  }

  parse(line: string): ParsedLine {
    const early = beforeParsing(line);
    if (early !== undefined) return early;
    const record = blankRecord();
    if (this.#hasAgent) record.userAgent = '';
    let at = 0;
    for (let i = 0; i < this.#parts.length; i++) {
      const part = this.#parts[i] as Part;
      if (typeof part === 'string') {
        if (!line.startsWith(part, at)) return this.#missing(line, at, part, i);
        at += part.length;
        continue;
      }
      const next = this.#parts[i + 1];
      const end = typeof next === 'string' ? endOf(line, at, next, part) : line.length;
      if (end < 0) return this.#missing(line, at, next as string, i);
      const raw = line.slice(at, end);
      const reason = part.set(record, raw === '-' ? '' : unescapeField(raw));
      if (reason !== null) return refuse(reason, `${part.text} ${shown(raw)}`);
      at = end;
    }
    return record;
  }

  #missing(line: string, at: number, literal: string, index: number) {
    const before = this.#parts.slice(0, index + 1).findLast((part) => typeof part === 'object') as Field | undefined;
    const where = before === undefined ? 'at the beginning' : `after ${before.text}`;
    return at >= line.length
      ? refuse('truncated', `ends ${where}`)
      : refuse('not-a-record', `no ${shown(literal)} ${where}`);
  }
}

/** Where a field ends: at the literal that follows it, behind as many spaces as its value has. */
function endOf(line: string, from: number, literal: string, part: Field): number {
  let at = from;
  for (let n = 0; n < part.spaces && literal.charCodeAt(0) === 32; n++) {
    at = line.indexOf(' ', at) + 1;
    if (at === 0) return -1;
  }
  let end = line.indexOf(literal, at);
  if (literal.charCodeAt(0) === 34) {
    while (end >= 0 && isEscaped(line, end, from)) end = line.indexOf(literal, end + 1);
  }
  return end;
}
