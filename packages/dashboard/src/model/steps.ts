/** The place a key leads to among those from 0 to `last`, from the one that is lit or none; null for other keys. */
export function stepTo(key: string, from: number | null, last: number): number | null {
  const targets: Record<string, number> = {
    ArrowLeft: (from ?? last + 1) - 1,
    ArrowRight: (from ?? -1) + 1,
    Home: 0,
    End: last,
  };
  const target = targets[key];
  return target === undefined ? null : Math.min(Math.max(target, 0), last);
}
