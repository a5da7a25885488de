/** What a check of `vedette doctor` found. */
export interface Finding {
  name: string;
  state: 'good' | 'warning' | 'bad';
  detail: string;
  /** What to do about it, where it is not good. */
  advice?: string;
}

/** What a start of the hub is refused for, by the check that a start does itself. */
export async function refusals(name: string, check: () => unknown): Promise<Finding[]> {
  try {
    await check();
    return [];
  } catch (error) {
    return [refused(name, error)];
  }
}

/** In the words of the refusal, which ends in what to do. */
export function refused(name: string, error: unknown): Finding {
  const { message } = error as Error;
  const end = message.lastIndexOf('; ');
  if (end < 0) return { name, state: 'bad', detail: message, advice: 'until that is mended, no hub starts' };
  return { name, state: 'bad', detail: message.slice(0, end), advice: message.slice(end + 2) };
}

/** Bytes as people read them: `1.5 GiB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return unit === 0 ? `${bytes} B` : `${(bytes / 1024 ** unit).toFixed(1)} ${units[unit]}`;
}
