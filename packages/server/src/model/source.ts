/** The way in by which a source sends. */
export type SourceKind = 'edge' | 'api' | 'otlp' | 'bulk' | 'syslog' | 'file';

/** Who sends, by its own account. */
export interface Sender {
  kind: SourceKind;
  /** A host, a service, a key's name; '' when unknown. */
  name: string;
  /** Software and version; '' when it does not say. */
  agent: string;
  /** What its clock said when it sent, ms since the epoch; null when it does not tell. */
  sentAt: number | null;
  /** What the process gave up since it started; null when it does not tell. */
  dropped: number | null;
  /** Tells apart the processes of one sender, each of which counts for itself; '' when it does not tell. */
  instance: string;
}

/** What one delivery says of its source. Times are ms since the epoch. */
export interface SourceNote {
  sender: Sender;
  /** When it arrived. */
  at: number;
  accepted: number;
  refused: number;
  /** Time of the newest request that was taken; null when none was. */
  newest: number | null;
  /** What went wrong last, without personal data; '' when nothing did. */
  error: string;
}

/** Keeps account of the sources of each tenant. Notes are taken in memory, never on the way of a request to disk. */
export interface SourceBook {
  note(tenantId: string, note: SourceNote): void;
}

/** Characters kept of a name and of an agent. */
const LONGEST_NAME = 200;
const LONGEST_ERROR = 240;

/** A name or agent as it is kept: printable, in one line, bounded. */
export function sourceText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to go
  return text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
}

/** The software of an agent without its versions, so that an update is no other source: `vedette-edge (express)`. */
export function softwareOf(agent: string): string {
  return sourceText(agent.replace(/\/[^\s();]+/g, ''));
}

/**
 * What may be told of an error in the ledger: the words, not what they quote. Refusals quote what was sent, and that may
 * be an address or anything else of a person.
 */
export function errorText(text: string): string {
  const quote = text.search(/["'`“]/);
  const unquoted = quote < 0 ? text : `${text.slice(0, quote)}…${afterQuoted(text, quote)}`;
  return sourceText(
    unquoted
      .replace(/[^\s@,;]+@[^\s@,;]+/g, '…')
      // IPv6 first, whose end may be an IPv4 address. A clock's 13:55:36 has neither :: nor enough groups.
      .replace(/(?:[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,}|[0-9a-f:]*::[0-9a-f:]*)(?:\.\d{1,3}){0,3}/gi, '…')
      .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '…'),
  ).slice(0, LONGEST_ERROR);
}

/** What follows the last quotation mark, or the last ellipsis, where a quotation was cut. */
function afterQuoted(text: string, quote: number): string {
  const end = Math.max(...['"', "'", '`', '”', '…'].map((mark) => text.lastIndexOf(mark)));
  return end > quote ? text.slice(end + 1) : '';
}
