export const PARTS = ['kept', 'policy', 'person', 'scan'] as const;
/** A part of the Privacy screen. */
export type Part = (typeof PARTS)[number];

/** The part that an address names; the first when it names none. */
export function parsePart(query: string): Part {
  const named = new URLSearchParams(query).get('part');
  return PARTS.find((part) => part === named) ?? 'kept';
}
