import { eachLine } from '../collect/access-log/lines.ts';
import type { LineParser } from '../collect/access-log/parser.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import type { RowEncoder } from '../stores/requests-encoding.ts';
import type { PlainRows } from './plain-rows.ts';
import type { Context, Prepare } from './prepare.ts';

/** Figures of one range. Times in ms since the epoch, null when nothing was accepted. */
export interface RangeFigures {
  read: number;
  accepted: number;
  rejected: number;
  firstTime: number | null;
  lastTime: number | null;
}

export interface RangeStages {
  parser: LineParser;
  prepare: Prepare;
  /** The short way of plain lines; null where there is none. */
  plain: PlainRows | null;
  rows: RowEncoder;
  context: Context;
  /** Called for each line, before it is parsed, and for each that was rejected. */
  onLine(): void;
  onReject(refusal: Refusal, line: string): void;
}

const NEWLINE = 10;
/** After so many lines of a slice that were not plain, the rest goes the long way if most were not. */
const PATIENCE = 32;

/** Turns the lines of a range into rows, slice by slice, and counts them. */
export class RangeParser {
  readonly rows: RowEncoder;
  readonly #stages: RangeStages;
  #read = 0;
  #rejected = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(stages: RangeStages) {
    this.#stages = stages;
    this.rows = stages.rows;
    stages.plain?.begin(stages.rows, stages.context);
  }

  get figures(): RangeFigures {
    const some = this.#last >= this.#first;
    return {
      read: this.#read,
      accepted: this.rows.count,
      rejected: this.#rejected,
      firstTime: some ? this.#first : null,
      lastTime: some ? this.#last : null,
    };
  }

  /** Whole lines; a last one without its newline counts. */
  slice(bytes: Buffer): void {
    const { plain, onLine } = this.#stages;
    const long = (line: string) => this.#line(line);
    let at = 0;
    for (let plainLines = 0, others = 0; plain !== null && at < bytes.length; ) {
      const next = plain.read(bytes, at);
      if (next >= 0) {
        onLine();
        this.#read += 1;
        this.#span(plain.time);
        plainLines += 1;
        at = next;
        continue;
      }
      others += 1;
      if (others > PATIENCE && others > plainLines) break;
      const end = bytes.indexOf(NEWLINE, at) + 1 || bytes.length;
      eachLine(bytes.subarray(at, end), long);
      at = end;
    }
    if (at < bytes.length) eachLine(bytes.subarray(at), long);
  }

  #line(line: string): void {
    const { parser, prepare, context, onLine, onReject } = this.#stages;
    onLine();
    const parsed = parser.parse(line);
    if (parsed === null) return;
    this.#read += 1;
    const row = isRefusal(parsed) ? parsed : prepare(parsed, context);
    if (isRefusal(row)) {
      this.#rejected += 1;
      onReject(row, line);
      return;
    }
    this.rows.add(row);
    this.#span(row.request.time);
  }

  #span(time: number): void {
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
  }
}
