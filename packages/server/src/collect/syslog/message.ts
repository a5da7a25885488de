import { isUtf8 } from 'node:buffer';

/** One syslog message: who says it, and what. Names are '' where it does not tell. */
export interface SyslogMessage {
  host: string;
  app: string;
  text: string;
}

/** `<134>1 2025-11-05T20:47:03Z host app pid msgid ` of RFC 5424; structured data follows. */
const RFC5424 = /^<\d{1,3}>\d{1,2} (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /;
/** `<134>Apr  4 14:30:19 `, also with a year, or rsyslog's ISO time. */
const RFC3164 =
  /^<\d{1,3}>(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?: \d{4})?|\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:?\d\d)) /;
/** `host app[pid]: `, the host being left out by some (HAProxy), whose text may hold a colon further on. */
const TAG = /^(?:(\S{0,254}[^\s:]) )?([\w./+@-]{1,64})(?:\[[^\]\s]{0,20}\])?: ?/;
const PRIORITY = /^<\d{1,3}>/;
const HEAD = 1024;

/** What stands for the program where a server sends its JSON without any header, as Caddy does. */
const BARE = 'json';

/**
 * Reads a message of RFC 5424 or RFC 3164, lenient as servers are in writing them, or a JSON object alone. null for
 * anything else without a priority, which nothing that is syslog lacks.
 */
export function readMessage(bytes: Buffer): SyslogMessage | null {
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').trimEnd();
  if (text.startsWith('{')) return { host: '', app: BARE, text };
  if (!PRIORITY.test(text)) return null;
  const modern = RFC5424.exec(text.slice(0, HEAD));
  if (modern !== null) {
    const [head, , host = '', app = ''] = modern;
    const rest = afterData(text, head.length);
    if (rest !== null) return { host: named(host), app: named(app), text: rest };
  }
  const classic = RFC3164.exec(text.slice(0, HEAD));
  const rest = text.slice((classic ?? PRIORITY.exec(text))?.[0].length ?? 0);
  const tag = TAG.exec(rest.slice(0, HEAD));
  if (tag === null) return { host: '', app: '', text: rest };
  return { host: tag[1] ?? '', app: tag[2] ?? '', text: rest.slice(tag[0].length) };
}

/** What follows the structured data that begins at an offset; null when that is not well-formed. */
function afterData(text: string, from: number): string | null {
  let at = from;
  if (text.charCodeAt(at) === 45) at += 1;
  else {
    while (text.charCodeAt(at) === 91) {
      const end = endOfElement(text, at);
      if (end < 0) return null;
      at = end;
    }
    if (at === from) return null;
  }
  if (at < text.length && text.charCodeAt(at) !== 32) return null;
  // A byte order mark says that what follows is UTF-8, as it is taken to be in any case.
  return text.slice(at + 1).replace(/^\ufeff/, '');
}

/** Offset behind the `]` of an element; within quotes a backslash escapes. */
function endOfElement(text: string, from: number): number {
  let quoted = false;
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted && code === 92) at += 1;
    else if (code === 34) quoted = !quoted;
    else if (code === 93 && !quoted) return at + 1;
  }
  return -1;
}

function named(text: string): string {
  return text === '-' ? '' : text;
}
