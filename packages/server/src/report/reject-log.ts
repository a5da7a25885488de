import { excerptOf } from '../collect/access-log/rejects.ts';
import { type BlockResult, EXAMPLES } from './lane.ts';
import type { RejectReason } from './report.ts';
import { compareText } from './top-table.ts';

/** Rejected lines by reason, with the first examples of each. */
export class RejectLog {
  readonly #reasons = new Map<string, RejectReason>();

  /** Takes one block's rejects; blocks come in order. `before`: lines of the file ahead of the block. */
  take(file: string, before: number, result: BlockResult): void {
    for (const [reason, lines] of Object.entries(result.reasons)) this.#of(reason).lines += lines;
    for (const reject of result.rejects) {
      const { examples } = this.#of(reject.reason);
      if (examples.length >= EXAMPLES) continue;
      const { detail, text } = reject;
      examples.push({ file, line: before + reject.line, detail, excerpt: excerptOf(text) });
    }
  }

  #of(reason: string): RejectReason {
    let entry = this.#reasons.get(reason);
    if (entry === undefined) {
      entry = { reason, lines: 0, examples: [] };
      this.#reasons.set(reason, entry);
    }
    return entry;
  }

  /** Most frequent first. */
  list(): RejectReason[] {
    return [...this.#reasons.values()].sort((a, b) => b.lines - a.lines || compareText(a.reason, b.reason));
  }
}
