import type { UseQueryResult } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { useEffect, useMemo, useState } from 'react';
import { type Span, useSpan } from '../api/queries.ts';
import { addChip, type FieldInfo, removeChip } from '../model/chip.ts';
import { isWindowed, pathOf, type Screen, withParameters } from '../model/place.ts';
import { autoPreset, binFor, MOST_BARS, type Range, rangeOn, resolveRange } from '../model/range.ts';
import { formatView, parseView, rangeParameters, type View } from '../model/view.ts';
import { useNow } from './clock.ts';
import { goTo, useSearch } from './location.ts';
import { useNarrow } from './narrow.ts';
import type { ViewState } from './view-context.ts';

const BARS_ON_A_PHONE = 60;

/** The query parts the screens were left with, for the way back. */
const left: Partial<Record<Screen, string>> = {};

/** The address of a screen other than the Overview as it was left, unless that was another tenant's. */
function addressAsLeft(screen: Screen, tenant: string | null): string {
  const before = left[screen] ?? '';
  const same = new URLSearchParams(before).get('tenant') === tenant;
  return pathOf(screen) + withParameters(same ? before : '', { tenant });
}

/** A view for another tenant: a range of one's own is about the data of the tenant it was made for. */
function ofTenant(view: View, tenant: string | null): View {
  const { range } = view;
  return { ...view, tenant, range: range.kind === 'custom' && tenant !== view.tenant ? { kind: 'auto' } : range };
}

/**
 * What the address says, resolved to a tenant, a window and the ways to change them; and where there is data, which the
 * window of the Overview may depend on and which is asked for there only. `state` is null when there is no tenant to show;
 * `unknown` is then the one that the address names, if it does.
 */
export function useViewState(
  screen: Screen,
  me: Me,
  fields: readonly FieldInfo[],
  openImport: (files: readonly File[]) => void,
): { state: ViewState | null; span: UseQueryResult<Span | null>; unknown: string | null } {
  const search = useSearch();
  const view = useMemo(() => parseView(search), [search]);
  const [live, setLive] = useState(true);
  const overview = screen === 'overview';
  const windowed = isWindowed(screen);
  const now = useNow(live && windowed);
  useEffect(() => {
    if (windowed) left[screen] = search;
  }, [windowed, screen, search]);
  const narrow = useNarrow();
  // Imports go to the installation unless told otherwise, so that is where to look first.
  const tenant =
    view.tenant === null
      ? (me.tenants.find(({ installation }) => installation) ?? me.tenants[0])
      : me.tenants.find(({ slug }) => slug === view.tenant);
  const span = useSpan(overview ? tenant : undefined);
  const known = span.data?.window ?? null;
  const range = windowed ? rangeOn(screen, view.range) : view.range;
  const { from, to } = resolveRange(range, now, known);
  const window = useMemo(() => ({ from, to }), [from, to]);
  if (tenant === undefined) return { state: null, span, unknown: view.tenant };

  const { chips } = view;
  const change = (part: Partial<View>) => goTo(pathOf('overview') + formatView({ ...view, ...part }));
  const state: ViewState = {
    screen,
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
    setWindow: (chosen: Range) => {
      if (overview) change({ range: chosen });
      else goTo(pathOf(screen) + withParameters(search, rangeParameters(chosen)));
    },
    setChips: (chosen) => change({ chips: chosen }),
    addChip: (chip) => change({ chips: addChip(chips, chip) }),
    removeChip: (chip) => change({ chips: removeChip(chips, chip) }),
    linkTo: (to, parameters = {}) => {
      if (to === 'overview') {
        return pathOf(to) + formatView(ofTenant(overview ? view : parseView(left.overview ?? ''), view.tenant));
      }
      if (isWindowed(to) && Object.keys(parameters).length === 0) return addressAsLeft(to, view.tenant);
      return pathOf(to) + withParameters('', { tenant: view.tenant, ...parameters });
    },
    setTenant: (slug) => {
      if (overview) change(ofTenant(view, slug));
      // Sites are those of the tenant they were chosen for.
      else goTo(pathOf(screen) + withParameters(search, { tenant: slug, domain: null }));
    },
    openImport: (files = []) => openImport(files),
  };
  return { state, span, unknown: null };
}
