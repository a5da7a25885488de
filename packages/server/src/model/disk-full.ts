import { causesOf } from './causes.ts';

/** What says that there is no room on a disk: the system, PostgreSQL (53100), ClickHouse (NOT_ENOUGH_SPACE). */
const FULL = new Set(['ENOSPC', 'EDQUOT', '53100', '243', 'disk-full']);

/** Whether an error, or one that caused it, is that a disk is full. */
export function isDiskFull(error: unknown): boolean {
  for (const cause of causesOf(error)) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (FULL.has(String(code)) || /no space left on device|not enough space/i.test(message)) return true;
  }
  return false;
}
