import type { ConsentDay } from '@vedette/contract';
import { binColumns, type Column } from './columns.ts';
import { type Bin, binFor, DAY, type Window } from './range.ts';

/** Sums of some days, with the shares that are shown. */
export interface ConsentTotals {
  shown: number;
  granted: number;
  partly: number;
  refused: number;
  withdrawn: number;
  gpc: number;
  /** Granted, partly and refused: withdrawals and those with GPC are among them. */
  choices: number;
}

export function totalsOf(days: readonly ConsentDay[]): ConsentTotals {
  const totals = { shown: 0, granted: 0, partly: 0, refused: 0, withdrawn: 0, gpc: 0, choices: 0 };
  for (const day of days) {
    for (const name of ['shown', 'granted', 'partly', 'refused', 'withdrawn', 'gpc'] as const)
      totals[name] += day[name];
  }
  totals.choices = totals.granted + totals.partly + totals.refused;
  return totals;
}

/** A share of choices, null without any. A banner seen earlier may be answered in the window: no more than all are. */
export function shareOf(part: number, all: number): number | null {
  return all > 0 ? Math.min(1, part / all) : null;
}

/** The whole days of a window, and how they are cut into columns: days are not cut into anything less. */
export function dayWindow({ from, to }: Window, most: number): { window: Window; bin: Bin } {
  const window = { from: Math.floor(from / DAY) * DAY, to: Math.ceil(to / DAY) * DAY };
  const { ms } = binFor(window, most);
  return { window, bin: { ms: Math.max(ms, DAY), step: 'day' } };
}

/** Columns of granted, partly and refused; withdrawn, with GPC and banners shown are told of beside. */
export function dayColumns(days: readonly ConsentDay[], window: Window, bin: Bin): Column[] {
  const counts = days.map(({ day, granted, partly, refused, withdrawn, gpc, shown }) => ({
    time: Date.parse(`${day}T00:00:00Z`),
    values: [granted, partly, refused, withdrawn, gpc, shown],
  }));
  return binColumns(counts, window, bin, 6);
}
