import type { InteractionRow } from '@vedette/contract';

export const WHO = ['people', 'bots', 'hosting', 'all'] as const;
export type Who = (typeof WHO)[number];

/** What the Interactions screen is narrowed to; it is in the address. */
export interface InteractionsView {
  /** '' for all sites. */
  domain: string;
  who: Who;
}

export function parseInteractionsView(search: string): InteractionsView {
  const parameters = new URLSearchParams(search);
  const who = parameters.get('class');
  return { domain: parameters.get('domain') ?? '', who: WHO.find((name) => name === who) ?? 'people' };
}

/** As parameters of a question. */
export function scopeOf({ domain, who }: InteractionsView): { domain: string; class: string } {
  return { domain, class: who === 'all' ? '' : who };
}

/** The row of a key; zeros when the answer has none. */
export function rowOf(rows: readonly InteractionRow[], key: string): InteractionRow {
  return (
    rows.find((row) => row.key === key) ?? {
      key,
      count: 0,
      consented: 0,
      visitors: null,
      p50: null,
      p75: null,
      p95: null,
    }
  );
}
