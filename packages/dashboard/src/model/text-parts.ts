import type { ConsentText } from '@vedette/contract';

/** The parts of a banner's text, in the order they are read. */
export const TEXT_PARTS = [
  'title',
  'body',
  'accept',
  'refuse',
  'choose',
  'save',
  'analytical',
  'analytical_detail',
  'marketing',
  'marketing_detail',
  'gpc',
  'policy',
  'reopen',
] as const satisfies readonly (keyof ConsentText)[];
export type TextPart = (typeof TEXT_PARTS)[number];

/** Most characters of each part, as the contract has it. */
export const MOST_CHARACTERS: Record<TextPart, number> = {
  title: 200,
  body: 2000,
  accept: 60,
  refuse: 60,
  choose: 60,
  save: 60,
  analytical: 120,
  analytical_detail: 1000,
  marketing: 120,
  marketing_detail: 1000,
  gpc: 500,
  policy: 60,
  reopen: 60,
};

/** Two texts part by part. */
export function compareTexts(
  a: ConsentText,
  b: ConsentText,
): { part: TextPart; a: string; b: string; same: boolean }[] {
  return TEXT_PARTS.map((part) => ({ part, a: a[part], b: b[part], same: a[part] === b[part] }));
}
