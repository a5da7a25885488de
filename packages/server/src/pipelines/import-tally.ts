import { excerptOf } from '../collect/access-log/rejects.ts';
import type { Refusal } from '../model/request.ts';
import type { ImportReject, ImportResult } from '../model/ways-in.ts';
import type { RangeFigures } from './range-parser.ts';

const MAX_EXAMPLES = 20;

/** Counts what becomes of the lines of one import. */
export class ImportTally {
  /** As it was given or detected. */
  format = '';
  /** The number of the line read last, counted from 1 at the beginning of the file. */
  line = 0;
  readonly #name: string;
  readonly #onReject: ((reject: ImportReject) => void) | undefined;
  readonly #lines = { read: 0, accepted: 0, rejected: 0, known: 0 };
  readonly #reasons: Record<string, number> = {};
  readonly #rejects: ImportReject[] = [];
  /** A last line that was left for the next import, though this one reports it. */
  #left: { refusal: Refusal; line: string } | null = null;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(name: string, onReject: ((reject: ImportReject) => void) | undefined) {
    this.#name = name;
    this.#onReject = onReject;
  }

  /** What an earlier import stored: so many lines that were counted, up to line number `line`. */
  known(lines: number, line: number): void {
    this.#lines.known = lines;
    this.line = line;
  }

  /** The figures of a range that is stored. */
  count(figures: RangeFigures): void {
    this.#lines.read += figures.read;
    this.#lines.accepted += figures.accepted;
    this.#lines.rejected += figures.rejected;
    this.#first = Math.min(this.#first, figures.firstTime ?? Number.POSITIVE_INFINITY);
    this.#last = Math.max(this.#last, figures.lastTime ?? Number.NEGATIVE_INFINITY);
  }

  reject(refusal: Refusal, line: string): void {
    this.#reasons[refusal.refused] = (this.#reasons[refusal.refused] ?? 0) + 1;
    if (this.#rejects.length >= MAX_EXAMPLES && this.#onReject === undefined) return;
    const { refused: reason, detail } = refusal;
    const reject: ImportReject = { line: this.line, reason, detail, excerpt: excerptOf(line) };
    if (this.#rejects.length < MAX_EXAMPLES) this.#rejects.push(reject);
    this.#onReject?.(reject);
  }

  /** A last line that is left for the next import; null when there is nothing to be said against it. */
  leave(refusal: Refusal | null, line: string): void {
    this.#left = refusal === null ? null : { refusal, line };
  }

  /** `truncated`: why the file ended early, if it did. */
  result(truncated: string | null): ImportResult {
    this.#rejectLeft();
    const text = (time: number) => new Date(time).toISOString();
    return {
      name: this.#name,
      format: this.format,
      lines: this.#lines,
      reasons: this.#reasons,
      rejects: this.#rejects,
      window: this.#lines.accepted > 0 ? { from: text(this.#first), to: text(this.#last) } : null,
      truncated,
    };
  }

  #rejectLeft(): void {
    if (this.#left === null) return;
    const { refusal, line } = this.#left;
    this.line += 1;
    this.#lines.read += 1;
    this.#lines.rejected += 1;
    const detail = `the last line has no line end and cannot be read yet (${refusal.detail})`;
    this.reject({ refused: 'unfinished-line', detail }, line);
  }
}
