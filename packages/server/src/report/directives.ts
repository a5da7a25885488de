import { eachLine } from '../collect/access-log/lines.ts';
import { type LineParser, openParser } from '../collect/access-log/parser.ts';

const HASH = 35;
const NEWLINE = 10;

/**
 * Follows the directives of one log (`#Fields: …`, Zeek's `#fields`) from block to block, so that each block can be
 * read on its own. Logs in formats without directives cost nothing.
 */
export class Directives {
  readonly #parser: LineParser;
  readonly #active: boolean;

  /** `sample`: the first lines of the log. */
  constructor(format: string, custom: string | undefined, sample: readonly string[]) {
    const open = () => openParser(format, custom === undefined ? {} : { custom });
    const scout = open();
    for (const line of sample) scout.parse(line);
    this.#active = scout.state() !== '' || sample.some((line) => line.startsWith('#'));
    this.#parser = open();
  }

  /** The state in which the block begins; afterwards the one in which the next begins. */
  before(block: Buffer): string {
    if (!this.#active) return '';
    const state = this.#parser.state();
    for (const line of directiveLines(block)) this.#parser.parse(line);
    return state;
  }
}

/** The lines of a block that begin with `#`, in order. */
function directiveLines(block: Buffer): string[] {
  const found: string[] = [];
  let at = block[0] === HASH || startsWithMark(block) ? 0 : nextDirective(block, 0);
  while (at >= 0) {
    const newline = block.indexOf(NEWLINE, at);
    const end = newline < 0 ? block.length : newline;
    eachLine(block.subarray(at, end), (line) => found.push(line));
    at = block[end + 1] === HASH ? end + 1 : nextDirective(block, end);
  }
  return found;
}

/** A byte order mark and then a directive. */
function startsWithMark(block: Buffer): boolean {
  return block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf && block[3] === HASH;
}

function nextDirective(block: Buffer, from: number): number {
  const at = block.indexOf('\n#', from);
  return at < 0 ? -1 : at + 1;
}
