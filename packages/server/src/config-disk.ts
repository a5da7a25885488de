import type { DiskBound } from './model/disk.ts';

const UNITS = ' kmgt';

/** Bytes of a size such as 512MB; 1024 each. Throws an Error that says what is expected. */
export function bytes(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(value) ?? [];
  if (number === undefined) throw new Error('a size such as 512MB or 4GB');
  return Math.round(Number(number) * 1024 ** UNITS.indexOf(unit.toLowerCase() || ' '));
}

/** A bound of free room: `auto`, a share such as 5%, or a size. Throws an Error that says what is expected. */
export function diskBound(value: string): DiskBound {
  if (value.trim().toLowerCase() === 'auto') return 'auto';
  const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim()) ?? [];
  if (percent !== undefined && Number(percent) <= 100) return { share: Number(percent) / 100 };
  try {
    return { bytes: bytes(value) };
  } catch {
    throw new Error('auto, a share such as 5%, or a size such as 4GB');
  }
}
