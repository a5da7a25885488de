/** What the rows of a batch are, and so which store takes them. */
export const BATCH_KINDS = ['requests', 'interactions'] as const;
export type BatchKind = (typeof BATCH_KINDS)[number];

/** The kind that a batch says it is of; batches of hubs that knew requests only say nothing. null: an unknown one. */
export function batchKindOf(said: unknown): BatchKind | null {
  if (said === undefined) return 'requests';
  return BATCH_KINDS.find((kind) => kind === said) ?? null;
}
