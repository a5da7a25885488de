import type { Writable } from 'node:stream';
import type { Refusal } from '../../model/request.ts';
import { ownText } from './address.ts';
import { escapeControls } from './text.ts';

/** One refused line as it is shown to people. */
export interface Reject {
  file: string;
  /** Line number in its file, from 1. */
  line: number;
  /** Stable reason in kebab-case. */
  reason: string;
  detail: string;
  /** The line's beginning, at most 200 characters, control characters escaped. */
  excerpt: string;
}

export interface RejectsOptions {
  /** Refused lines kept as examples (default 20). */
  examples?: number;
  /** Where every refused line is written in whole, as NDJSON of Reject with `raw`. */
  stream?: Writable;
}

/** Characters of a line shown. */
const EXCERPT = 200;

/** Collects the lines that were refused: how many for each reason, and the first ones as examples. */
export class Rejects {
  total = 0;
  readonly byReason = new Map<string, number>();
  readonly examples: Reject[] = [];
  readonly #most: number;
  readonly #stream: Writable | undefined;

  constructor(options: RejectsOptions = {}) {
    this.#most = options.examples ?? 20;
    this.#stream = options.stream;
  }

  /** Takes a refused line. False: the stream asks the caller to wait for `drained()` before reading on. */
  add(file: string, line: number, refusal: Refusal, raw: string): boolean {
    this.total++;
    this.byReason.set(refusal.refused, (this.byReason.get(refusal.refused) ?? 0) + 1);
    if (this.examples.length >= this.#most && this.#stream === undefined) return true;
    const reject = { file, line, reason: refusal.refused, detail: ownText(refusal.detail), excerpt: excerptOf(raw) };
    if (this.examples.length < this.#most) this.examples.push(reject);
    return this.#stream === undefined || this.#stream.write(`${JSON.stringify({ ...reject, raw })}\n`);
  }

  /** Resolves once the rejects file has caught up. */
  drained(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || !stream.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = () => {
        stream.off('error', fail);
        resolve();
      };
      const fail = (error: Error) => {
        stream.off('drain', done);
        reject(error);
      };
      stream.once('drain', done);
      stream.once('error', fail);
    });
  }
}

/** The beginning of a line, at most 200 characters once control characters are escaped. */
export function excerptOf(raw: string): string {
  const escaped = escapeControls(raw.slice(0, EXCERPT));
  return ownText(escaped.length > EXCERPT || raw.length > EXCERPT ? `${escaped.slice(0, EXCERPT - 1)}…` : escaped);
}
