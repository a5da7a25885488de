import { eachLine } from '../collect/access-log/lines.ts';
import type { LineParser } from '../collect/access-log/parser.ts';
import { isRefusal, type Refusal } from '../model/request.ts';
import type { RowEncoder } from '../stores/requests-encoding.ts';
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
  rows: RowEncoder;
  context: Context;
  /** Called for each line, before it is parsed, and for each that was rejected. */
  onLine(): void;
  onReject(refusal: Refusal, line: string): void;
}

/** Turns the lines of a range into rows, slice by slice, and counts them. */
export class RangeParser {
  readonly rows: RowEncoder;
  readonly figures: RangeFigures = { read: 0, accepted: 0, rejected: 0, firstTime: null, lastTime: null };
  readonly #stages: RangeStages;

  constructor(stages: RangeStages) {
    this.#stages = stages;
    this.rows = stages.rows;
  }

  /** Whole lines; a last one without its newline counts. */
  slice(bytes: Buffer): void {
    const { figures, rows } = this;
    const { parser, prepare, context, onLine, onReject } = this.#stages;
    let first = figures.firstTime ?? Number.POSITIVE_INFINITY;
    let last = figures.lastTime ?? Number.NEGATIVE_INFINITY;
    eachLine(bytes, (line) => {
      onLine();
      const parsed = parser.parse(line);
      if (parsed === null) return;
      figures.read += 1;
      const row = isRefusal(parsed) ? parsed : prepare(parsed, context);
      if (isRefusal(row)) {
        figures.rejected += 1;
        onReject(row, line);
        return;
      }
      rows.add(row);
      const { time } = row.request;
      if (time < first) first = time;
      if (time > last) last = time;
    });
    figures.accepted = rows.count;
    if (last >= first) {
      figures.firstTime = first;
      figures.lastTime = last;
    }
  }
}
