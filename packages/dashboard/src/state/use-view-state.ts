import type { UseQueryResult } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { useMemo, useState } from 'react';
import { type Span, useSpan } from '../api/queries.ts';
import { addChip, type FieldInfo, removeChip } from '../model/chip.ts';
import { autoPreset, binFor, MOST_BARS, resolveRange } from '../model/range.ts';
import { formatView, parseView, type View } from '../model/view.ts';
import { useNow } from './clock.ts';
import { goTo, useSearch } from './location.ts';
import { useNarrow } from './narrow.ts';
import type { ViewState } from './view-context.ts';

const BARS_ON_A_PHONE = 60;

/**
 * What the address says, resolved to a tenant, a window and the ways to change them; and where there is data, which the
 * window may depend on. `state` is null when there is no tenant to show.
 */
export function useViewState(
  me: Me,
  fields: readonly FieldInfo[],
  openImport: (files: readonly File[]) => void,
): { state: ViewState | null; span: UseQueryResult<Span | null> } {
  const search = useSearch();
  const view = useMemo(() => parseView(search), [search]);
  const [live, setLive] = useState(true);
  const now = useNow(live);
  const narrow = useNarrow();
  // Imports go to the installation unless told otherwise, so that is where to look first.
  const tenant =
    me.tenants.find(({ slug }) => slug === view.tenant) ??
    me.tenants.find(({ installation }) => installation) ??
    me.tenants[0];
  const span = useSpan(tenant);
  const known = span.data?.window ?? null;
  const { from, to } = resolveRange(view.range, now, known);
  const window = useMemo(() => ({ from, to }), [from, to]);
  if (tenant === undefined) return { state: null, span };

  const { range, chips } = view;
  const change = (part: Partial<View>) => goTo(formatView({ ...view, ...part }));
  const state: ViewState = {
    me,
    tenant,
    fields,
    chips,
    range,
    preset: range.kind === 'custom' ? null : range.kind === 'auto' ? autoPreset(now, known) : range.preset,
    window,
    span: span.data ?? null,
    bin: binFor(window, narrow ? BARS_ON_A_PHONE : MOST_BARS),
    mostBars: narrow ? BARS_ON_A_PHONE : MOST_BARS,
    live,
    setLive,
    setRange: (chosen) => change({ range: chosen }),
    setChips: (chosen) => change({ chips: chosen }),
    addChip: (chip) => change({ chips: addChip(chips, chip) }),
    removeChip: (chip) => change({ chips: removeChip(chips, chip) }),
    setTenant: (slug) => change({ tenant: slug, range: range.kind === 'custom' ? { kind: 'auto' } : range }),
    openImport: (files = []) => openImport(files),
  };
  return { state, span };
}
