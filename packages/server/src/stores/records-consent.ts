/** What may be asked for. */
export type ConsentPurpose = 'analytical' | 'marketing';

/** A choice that was just made. Times are ms since the epoch. */
export interface NewChoice {
  time: number;
  domain: string;
  /** 32 hexadecimal digits, as the visitor's. */
  proofId: string;
  /** null unless analytical is granted. */
  visitorId: string | null;
  analytical: boolean;
  marketing: boolean;
  /** What the site asks for. */
  asked: readonly ConsentPurpose[];
  /** Of a text that the book has. */
  textVersion: string;
  language: string;
  surface: 'banner' | 'settings' | 'api';
  gpc: boolean;
}

/** A choice as evidence. */
export interface Choice extends NewChoice {
  /** UUIDv7. */
  id: string;
  /** Beside the choice before it under the same proof id. `withdrawn`: something granted no longer is. */
  change: 'first' | 'changed' | 'withdrawn' | 'same';
}

/** Words that were shown, by the version that is made of them. */
export interface ShownText {
  version: string;
  language: string;
  words: Record<string, string>;
}

/** Choices of a span of time, from `from` up to and without `to`, on one domain or all. */
export interface ChoiceSpan {
  from: number;
  to: number;
  domain?: string | undefined;
}

export interface ChoiceCounts {
  /** Everything that was asked for. */
  granted: number;
  partly: number;
  refused: number;
}

/** Choices of one day, which begins at `day`. Withdrawals and those with GPC are among them. */
export interface ChoiceDay extends ChoiceCounts {
  day: number;
  withdrawn: number;
  gpc: number;
}

/** The evidence of one tenant: added to, read, and removed by retention and erasure; never changed. */
export interface ConsentBook {
  /**
   * Adds choices in the order given and says how each differs from the one before it under its proof id. One that says
   * the same as that within ten minutes is the same choice sent again and not added. Answers how many were.
   */
  add(choices: readonly NewChoice[]): Promise<number>;
  /** Notes words as shown, unless they are known. */
  show(text: ShownText): Promise<void>;
  /** Whether words of this version were ever shown. */
  knows(version: string): Promise<boolean>;
  /** Words that were shown, the latest first, with the choices that are kept of those made under them. */
  texts(): Promise<(ShownText & { firstShown: number; choices: number })[]>;
  /** The choices under a proof id, the latest first; at most 1,000. */
  history(proofId: string): Promise<Choice[]>;
  /** Days that have choices, in order. */
  days(span: ChoiceSpan): Promise<ChoiceDay[]>;
  /** How many chose what, by the latest choice of the span under each proof id. */
  people(span: ChoiceSpan): Promise<ChoiceCounts>;
  /** All choices in order of time, a page at a time. */
  pages(span: ChoiceSpan, rows?: number): AsyncGenerator<Choice[]>;
  /** Removes everything under proof ids whose last choice was before `before`; returns the number of choices. */
  expire(before: number): Promise<number>;
}

/** The policies of all tenants, from memory. */
export interface PolicyMap {
  /** As the tenant has set it, the same object while it is unchanged; undefined for a tenant that is not known. */
  of(tenantId: string): Readonly<Record<string, unknown>> | undefined;
  /** Resolves when changes committed before the call are in. */
  refresh(): Promise<void>;
}
