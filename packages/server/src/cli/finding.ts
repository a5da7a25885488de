/** What a check of `vedette doctor` found. */
export interface Finding {
  name: string;
  state: 'good' | 'warning' | 'bad';
  detail: string;
  /** What to do about it, where it is not good. */
  advice?: string;
}

/** Bytes as people read them: `1.5 GiB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return unit === 0 ? `${bytes} B` : `${(bytes / 1024 ** unit).toFixed(1)} ${units[unit]}`;
}
