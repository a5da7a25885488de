import type { Me, MyTenant, Permission } from '@vedette/contract';
import { createContext, useContext } from 'react';
import type { Span } from '../api/queries.ts';
import type { Chip, FieldInfo } from '../model/chip.ts';
import type { Screen } from '../model/place.ts';
import type { Bin, Preset, Range, Window } from '../model/range.ts';

/** What every part of the screen needs to know and may do. */
export interface ViewState {
  /** null: the address names none. */
  screen: Screen | null;
  me: Me;
  tenant: MyTenant;
  /** Whether the viewer may do it for this tenant. */
  may(permission: Permission): boolean;
  /** Whether the viewer may import files: into a suspended tenant nobody may. */
  mayImport: boolean;
  fields: readonly FieldInfo[];
  chips: readonly Chip[];
  range: Range;
  /** The preset in force; null for a range of one's own. */
  preset: Preset | null;
  window: Window;
  /** What changes are counted from: the window of the same length before, unless another one was chosen. */
  compared: Window;
  /** Whether everything is counted, where a sample of it would answer sooner. */
  exact: boolean;
  setExact(exact: boolean): void;
  /** Where there is data at all, the hub's own requests aside; null for nowhere. */
  span: Span | null;
  bin: Bin;
  /** Bars that the chart has room for. */
  mostBars: number;
  /** Refresh by itself? On the live tail always. */
  live: boolean;
  setLive(live: boolean): void;
  /** The address of a screen for this tenant; those with a range and filters as they were left. */
  linkTo(screen: Screen, parameters?: Readonly<Record<string, string>>): string;
  /** Changes what a screen with filters shows; from any other one, goes to the Overview. */
  setRange(range: Range): void;
  /** Changes the range of the screen that is shown. */
  setWindow(range: Range): void;
  setChips(chips: readonly Chip[]): void;
  addChip(chip: Chip): void;
  removeChip(chip: Chip): void;
  setTenant(slug: string): void;
  /** Opens the import dialog, with these files chosen. */
  openImport(files?: readonly File[]): void;
}

export const ViewContext = createContext<ViewState | null>(null);

export function useView(): ViewState {
  const state = useContext(ViewContext);
  if (state === null) throw new Error('useView is called outside the screen');
  return state;
}
