import { LRUCache } from 'lru-cache';
import { isRefusal } from '../model/request.ts';
import { type LineParser, type ParsedLine, refuse } from './access-log/format.ts';
import { detectFormat, openParser } from './access-log/parser.ts';

/** Lines in a row that fit no format after which only every so many-th is tried in all of them, for that is dear. */
const MOST_MISSES = 20;
const TRY_EVERY = 50;
const MOST_READERS = 2000;

/** Reads the access-log lines of one sender, whose format shows by the first line that has one. */
export interface LineReader {
  /** A record; null for what carries none, such as a directive; or a refusal. */
  read(line: string): ParsedLine;
}

export function createLineReader(): LineReader {
  let parser: LineParser | null = null;
  let misses = 0;

  function detect(line: string): ParsedLine {
    misses += 1;
    if (misses > MOST_MISSES && misses % TRY_EVERY !== 0) return unreadable();
    const found = detectFormat([line]);
    if (isRefusal(found)) return found.refused === 'empty' ? null : unreadable();
    parser = openParser(found.format);
    misses = 0;
    return parser.parse(line);
  }

  return {
    read(line) {
      if (parser === null) return detect(line);
      const parsed = parser.parse(line);
      if (parsed === null || !isRefusal(parsed)) {
        misses = 0;
        return parsed;
      }
      if (parsed.refused !== 'not-a-record' && parsed.refused !== 'bad-json') return parsed;
      // The server was given another format, or several write under one name.
      const again = detect(line);
      return again === null || !isRefusal(again) ? again : parsed;
    },
  };
}

function unreadable(): ParsedLine {
  return refuse('not-a-record', 'the text is no line of an access log in any format the hub knows');
}

/** A reader for each sender, the ones longest unused forgotten. */
export function createLineReaders(): (sender: string) => LineReader {
  const readers = new LRUCache<string, LineReader>({ max: MOST_READERS });
  return (sender) => {
    let reader = readers.get(sender);
    if (reader === undefined) {
      reader = createLineReader();
      readers.set(sender, reader);
    }
    return reader;
  };
}
