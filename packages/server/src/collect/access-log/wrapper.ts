import { isRefusal } from '../../model/request.ts';
import type { LineParser, ParsedLine } from './format.ts';
import { parseObject } from './json.ts';

/** Prefixes that syslog, containers and orchestrators put before a line; anchored and without nested repetition. */
const PREFIXES: readonly RegExp[] = [
  // Container Runtime Interface: `2025-12-31T17:37:40.49+01:00 stdout F `.
  /^\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) std(?:out|err) [FP] /,
  // RFC 5424: `<134>1 2025-11-05T20:47:03+00:00 host app pid msgid [structured data] `.
  /^(?:<\d{1,3}>)?1 (?:\S{1,40}) (?:\S{1,255}) (?:\S{1,48}) (?:\S{1,128}) (?:\S{1,32}) (?:-|(?:\[[^\]]{0,1024}\])+) (?:\ufeff)?/,
  // RFC 3164 and rsyslog's ISO stamp: `<134>Apr  4 14:30:19 host app[123]: `.
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d(?: \d{4})? \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:?\d\d)) \S{1,255} [^\s:[]{1,64}(?:\[\d{1,10}\])?: ?/,
  // The same without a time or host: `nginx[123]: `, `frontend.0 nginx: `.
  /^(?:\S{1,255} )?[A-Za-z][\w./-]{0,63}(?:\[\d{1,10}\])?: (?=\S)/,
  // docker compose: `web-1  | `.
  /^[\w.-]{1,128} *\| /,
  // kubectl logs --prefix: `[pod/web-5d/nginx] `.
  /^\[[\w./-]{1,255}\] /,
  // kubectl logs --timestamps, docker logs -t: `2025-12-31T17:37:40.49Z `.
  /^\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d) /,
];

/** Keys that hold the line in JSON made by docker's json-file driver, journald and shippers. */
const MESSAGE_KEYS = ['log', 'message', 'MESSAGE', 'msg', 'line'] as const;

/**
 * What a line may hold once one layer of wrapping is taken off, likeliest first; empty when there is none. Used only
 * for lines that could not be read as they are.
 */
export function unwrap(line: string): string[] {
  const inner: string[] = [];
  if (line.charCodeAt(0) === 123) {
    const entry = parseObject(line);
    for (const key of MESSAGE_KEYS) {
      const text = entry?.[key];
      if (typeof text === 'string' && text.length > 20) inner.push(text.trimEnd());
    }
    return inner;
  }
  const head = line.slice(0, 2048);
  for (const prefix of PREFIXES) {
    const found = prefix.exec(head);
    if (found !== null && found[0].length < line.length) inner.push(line.slice(found[0].length));
  }
  return inner;
}

/** Reads what a line is wrapped in when it cannot be read as it is. */
export class UnwrappingParser implements LineParser {
  readonly format: string;
  readonly plain: boolean;
  readonly #inner: LineParser;

  constructor(inner: LineParser) {
    this.format = inner.format;
    this.plain = inner.plain === true;
    this.#inner = inner;
  }

  state(): string {
    return this.#inner.state();
  }

  parse(line: string): ParsedLine {
    const parsed = this.#inner.parse(line);
    if (parsed === null || !isRefusal(parsed)) return parsed;
    if (parsed.refused !== 'not-a-record' && parsed.refused !== 'bad-json') return parsed;
    const inner = this.#unwrapped(line, 2);
    return inner === undefined ? parsed : inner;
  }

  /** What the best of the unwrapped readings gives; undefined when none is better than the line itself. */
  #unwrapped(line: string, layers: number): ParsedLine | undefined {
    let refusal: ParsedLine | undefined;
    for (const candidate of unwrap(line)) {
      const parsed = this.#inner.parse(candidate);
      if (parsed === null || !isRefusal(parsed)) return parsed;
      if (parsed.refused !== 'not-a-record') refusal ??= parsed;
      else if (layers > 1) {
        const deeper = this.#unwrapped(candidate, layers - 1);
        if (deeper !== undefined) return deeper;
      }
    }
    return refusal;
  }
}
