import type { UseQueryResult } from '@tanstack/react-query';
import type { Me } from '@vedette/contract';
import { useEffect, useMemo, useState } from 'react';
import { type Span, useSpan } from '../api/queries.ts';
import { addChip, type FieldInfo, removeChip } from '../model/chip.ts';
import { comparedWindow, parseExploration } from '../model/explore.ts';
import { isFiltered, isWindowed, pathOf, type Screen, withParameters } from '../model/place.ts';
import { autoPreset, binFor, MOST_BARS, type Range, rangeOn, resolveRange, windowBefore } from '../model/range.ts';
import { formatView, parseView, rangeParameters, type View } from '../model/view.ts';
import { useNow } from './clock.ts';
import { goTo, usePath, useSearch } from './location.ts';
import { useNarrow } from './narrow.ts';
import type { ViewState } from './view-context.ts';

const BARS_ON_A_PHONE = 60;

/** The query parts the screens were left with, for the way back. */
const left: Partial<Record<Screen, string>> = {};

/** The address of a screen other than the Overview as it was left, unless that was another tenant's. */
function addressAsLeft(screen: Screen, tenant: string | null): string {
  const before = left[screen] ?? '';
  const same = new URLSearchParams(before).get('tenant') === tenant;
  // A request that was open over it is not what one comes back for.
  return pathOf(screen) + withParameters(same ? before : '', { tenant, request: null });
}

/** A view for another tenant: a range of one's own is about the data of the tenant it was made for. */
function ofTenant(view: View, tenant: string | null): View {
  const { range } = view;
  return { ...view, tenant, range: range.kind === 'custom' && tenant !== view.tenant ? { kind: 'auto' } : range };
}

/**
 * What the address says, resolved to a tenant, a window and the ways to change them; and where there is data, which the
 * window of those with filters may depend on and which is asked for there only. `state` is null when there is no tenant to show;
 * `unknown` is then the one that the address names, if it does.
 */
export function useViewState(
  screen: Screen | null,
  me: Me,
  fields: readonly FieldInfo[],
  openImport: (files: readonly File[]) => void,
): { state: ViewState | null; span: UseQueryResult<Span | null>; unknown: string | null } {
  const search = useSearch();
  const view = useMemo(() => parseView(search), [search]);
  const [live, setLive] = useState(true);
  const path = usePath();
  const filtered = isFiltered(screen);
  const windowed = isWindowed(screen);
  // What is watched as it comes in has figures beside it that go on, whatever other screens do.
  const refreshes = live || screen === 'live';
  const now = useNow(refreshes && windowed);
  useEffect(() => {
    if (windowed) left[screen] = search;
  }, [windowed, screen, search]);
  const narrow = useNarrow();
  // Imports go to the installation unless told otherwise, so that is where to look first.
  const tenant =
    view.tenant === null
      ? (me.tenants.find(({ installation }) => installation) ?? me.tenants[0])
      : me.tenants.find(({ slug }) => slug === view.tenant);
  const span = useSpan(filtered ? tenant : undefined);
  const known = span.data?.window ?? null;
  const range = windowed ? rangeOn(screen, view.range) : view.range;
  const { from, to } = resolveRange(range, now, known);
  const window = useMemo(() => ({ from, to }), [from, to]);
  if (tenant === undefined) return { state: null, span, unknown: view.tenant };

  const { chips } = view;
  const compare = screen === 'explore' ? parseExploration(search).compare : '';
  const change = (part: Partial<View>) => {
    const changed = { ...view, ...part };
    // Other screens than these have no filters: what is chosen there leads to the Overview.
    goTo(filtered ? path + formatView(changed, search) : pathOf('overview') + formatView(changed));
  };
  const state: ViewState = {
    screen,
    me,
    tenant,
    may: (permission) => tenant.permissions.includes(permission),
    mayImport: tenant.permissions.includes('ingest') && !tenant.suspended && !tenant.second_factor_missing,
    fields,
    chips,
    range,
    preset: range.kind === 'custom' ? null : range.kind === 'auto' ? autoPreset(now, known) : range.preset,
    window,
    compared: comparedWindow(compare, window) ?? windowBefore(window),
    exact: view.exact,
    setExact: (exact) => change({ exact }),
    span: span.data ?? null,
    bin: binFor(window, narrow ? BARS_ON_A_PHONE : MOST_BARS),
    mostBars: narrow ? BARS_ON_A_PHONE : MOST_BARS,
    live: refreshes,
    setLive,
    setRange: (chosen) => change({ range: chosen }),
    setWindow: (chosen: Range) => {
      if (filtered) change({ range: chosen });
      else goTo(path + withParameters(search, rangeParameters(chosen)));
    },
    setChips: (chosen) => change({ chips: chosen }),
    addChip: (chip) => change({ chips: addChip(chips, chip) }),
    removeChip: (chip) => change({ chips: removeChip(chips, chip) }),
    linkTo: (to, parameters = {}) => {
      if (to === 'overview' && Object.keys(parameters).length === 0) {
        const own = screen === 'overview' ? view : parseView(left.overview ?? '');
        return pathOf(to) + formatView(ofTenant(own, view.tenant));
      }
      if (isWindowed(to) && Object.keys(parameters).length === 0) return addressAsLeft(to, view.tenant);
      return pathOf(to) + withParameters('', { tenant: view.tenant, ...parameters });
    },
    setTenant: (slug) => {
      if (filtered) goTo(path + formatView(ofTenant(view, slug), withParameters(search, { view: null })));
      // Sites are those of the tenant they were chosen for.
      else goTo(path + withParameters(search, { tenant: slug, domain: null }));
    },
    openImport: (files = []) => openImport(files),
  };
  return { state, span, unknown: null };
}
