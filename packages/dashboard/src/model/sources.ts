import type { Source } from '@vedette/contract';
import { text } from '../text.ts';
import { LOCALE } from './locale.ts';

/** A clock that is off by more makes times and lag doubtful. */
export const MOST_SKEW_SECONDS = 5;

/** What the list of sources is narrowed to; it is in the address. */
export interface SourcesView {
  /** '' for all kinds. */
  kind: string;
  /** Words that name, software or kind must hold, all of them. */
  find: string;
  /** The column they are sorted by, `-` before it for the other way round; '' for the last heard of first. */
  sort: string;
}

export function parseSourcesView(search: string): SourcesView {
  const parameters = new URLSearchParams(search);
  return {
    kind: parameters.get('kind') ?? '',
    find: parameters.get('find') ?? '',
    sort: parameters.get('sort') ?? '',
  };
}

/** The kinds there are, most sources first, with how many. */
export function kindsOf(sources: readonly Source[]): { kind: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { kind } of sources) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => b.count - a.count || kindLabel(a.kind).localeCompare(kindLabel(b.kind), LOCALE));
}

/** A kind in words; itself when there are none. */
export function kindLabel(kind: string): string {
  return Object.hasOwn(text.sources.kinds, kind) ? (text.sources.kinds[kind] ?? kind) : kind;
}

export function narrowSources(
  sources: readonly Source[],
  { kind, find }: Pick<SourcesView, 'kind' | 'find'>,
): Source[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return sources.filter((source) => {
    if (kind !== '' && source.kind !== kind) return false;
    const hay = `${source.name}\n${source.agent}\n${source.kind}\n${kindLabel(source.kind)}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** Live sources heard of within the same so many ms stand by name. */
const STEP_MS = 30_000;

/**
 * The last heard of first, as of `now`. The busy ones are all heard of every few seconds and would swap places at each
 * refresh, so live ones are told apart by half minutes only.
 */
export function sortSources(sources: readonly Source[], now: number): Source[] {
  const age = ({ state, last_seen }: Source) => {
    const ms = Math.max(0, now - (Date.parse(last_seen) || 0));
    return state === 'live' ? Math.floor(ms / STEP_MS) * STEP_MS : ms;
  };
  return sources.toSorted(
    (a, b) => age(a) - age(b) || a.name.localeCompare(b.name, LOCALE) || a.id.localeCompare(b.id),
  );
}

/** true when the source's clock is so far off that its times are not to be trusted. */
export function isSkewed({ clock_skew_seconds: skew }: Pick<Source, 'clock_skew_seconds'>): boolean {
  return skew !== null && Math.abs(skew) > MOST_SKEW_SECONDS;
}
