import { requiredLiterals } from './literals.ts';

/** A regular expression of a rule list, compiled when first needed. */
export interface Pattern {
  source: string;
  flags: string;
}

/** Consecutive patterns of one list inside the index: from (inclusive) to to (exclusive). */
export interface PatternRange {
  from: number;
  to: number;
}

interface Literal {
  text: string;
  patterns: number[];
  next: Literal | null;
}

const BUCKETS = 1 << 14;

/**
 * Many patterns over one text: a single pass over the text looks up its three-character windows in a table of the
 * literals that the patterns require, which leaves the few patterns that can match at all; only those are compiled and
 * run, in their order.
 */
export class PatternIndex {
  private readonly patterns: readonly Pattern[];
  private readonly compiled: (RegExp | null)[];
  private readonly buckets: (Literal | null)[] = Array.from({ length: BUCKETS }, () => null);
  private readonly short: Literal[] = [];
  /** Patterns without any required literal: candidates for every text. */
  private readonly always: Int32Array;
  private readonly found: Int32Array;

  constructor(patterns: readonly Pattern[]) {
    this.patterns = patterns;
    this.compiled = patterns.map(() => null);
    this.always = new Int32Array((patterns.length >> 5) + 1);
    this.found = new Int32Array(this.always.length);
    const byText = new Map<string, Literal>();
    patterns.forEach(({ source }, pattern) => {
      const literals = requiredLiterals(source);
      if (literals === null) this.mark(this.always, pattern);
      for (const text of literals ?? []) {
        const known = byText.get(text);
        if (known === undefined) byText.set(text, { text, patterns: [pattern], next: null });
        else known.patterns.push(pattern);
      }
    });
    for (const literal of byText.values()) this.add(literal);
  }

  /** Patterns that are tried on every text; for tests, since a long list of them would make the index pointless. */
  get unfiltered(): readonly string[] {
    return this.patterns.filter((_, pattern) => this.isMarked(this.always, pattern)).map(({ source }) => source);
  }

  /** Finds the candidates for a text. One text at a time: `firstMatch` goes by the text scanned last. */
  scan(text: string): void {
    this.found.set(this.always);
    const lower = text.toLowerCase();
    for (const literal of this.short) {
      if (lower.includes(literal.text)) this.markAll(literal);
    }
    let a = lower.charCodeAt(0);
    let b = lower.charCodeAt(1);
    for (let at = 2; at < lower.length; at++) {
      const c = lower.charCodeAt(at);
      let literal = this.buckets[bucket(a, b, c)] as Literal | null;
      while (literal !== null) {
        if (lower.startsWith(literal.text, at - 2)) this.markAll(literal);
        literal = literal.next;
      }
      a = b;
      b = c;
    }
  }

  /**
   * The first pattern of the range, in order, that matches.
   * @param text the text scanned last, or that text with parts blanked out
   * @param use called with the pattern's number and its match; returning undefined goes on to the next pattern
   */
  firstMatch<T>(
    text: string,
    range: PatternRange,
    use: (pattern: number, match: RegExpExecArray) => T | undefined,
  ): T | undefined {
    for (let word = range.from >> 5; word <= (range.to - 1) >> 5; word++) {
      let bits = this.found[word] as number;
      while (bits !== 0) {
        const bit = 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        const pattern = (word << 5) | bit;
        if (pattern < range.from || pattern >= range.to) continue;
        const match = this.regex(pattern).exec(text);
        const result = match === null ? undefined : use(pattern, match);
        if (result !== undefined) return result;
      }
    }
    return undefined;
  }

  private regex(pattern: number): RegExp {
    const ready = this.compiled[pattern];
    if (ready) return ready;
    const { source, flags } = this.patterns[pattern] as Pattern;
    const made = new RegExp(source, flags);
    this.compiled[pattern] = made;
    return made;
  }

  private add(literal: Literal): void {
    const { text } = literal;
    if (text.length < 3) {
      this.short.push(literal);
      return;
    }
    const slot = bucket(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2));
    literal.next = this.buckets[slot] as Literal | null;
    this.buckets[slot] = literal;
  }

  private markAll(literal: Literal): void {
    for (const pattern of literal.patterns) this.mark(this.found, pattern);
  }

  private mark(set: Int32Array, pattern: number): void {
    set[pattern >> 5] = (set[pattern >> 5] as number) | (1 << (pattern & 31));
  }

  private isMarked(set: Int32Array, pattern: number): boolean {
    return ((set[pattern >> 5] as number) & (1 << (pattern & 31))) !== 0;
  }
}

function bucket(a: number, b: number, c: number): number {
  return (a * 5477 + b * 181 + c) & (BUCKETS - 1);
}
