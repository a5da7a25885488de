/** From which share of a limit on somebody should be told. */
const NEAR = 0.9;

export type Usage = 'free' | 'near' | 'full';

/** How much room is left of a limit; null: there is none. */
export function usageOf(used: number, limit: number | null): Usage {
  if (limit === null) return 'free';
  if (used >= limit) return 'full';
  return used >= limit * NEAR ? 'near' : 'free';
}

/** A limit as it was typed: '' for none, undefined for what is no whole number from `least`. */
export function readLimit(typed: string, least: number): number | null | undefined {
  const text = typed.trim();
  if (text === '') return null;
  const number = Number(text);
  return /^\d{1,15}$/.test(text) && number >= least ? number : undefined;
}
