import type { Source, SourcesAnswer } from '@vedette/contract';

/** How it stands with the requests that somebody who sets up a source waits for. */
export type Arrival =
  /** Nothing ever came. `trouble`: sources heard of just now all the same, with something wrong about what they sent. */
  | { state: 'waiting'; trouble: readonly Source[] }
  /** Requests came before this page was opened; a new source is waited for. */
  | { state: 'known'; first: string; sources: number; trouble: readonly Source[] }
  /**
   * Came while the page was open; `source` is null when the hub does not say from where. `ever`: the first of all, not
   * only of a new source.
   */
  | { state: 'arrived'; source: Source | null; ever: boolean };

const sends = ({ requests }: Source) => requests > 0;

/** Compares what is known now with what was known when the waiting began. */
export function arrivalOf(began: SourcesAnswer, now: SourcesAnswer): Arrival {
  const before = new Set(began.sources.filter(sends).map(({ id }) => id));
  const fresh = now.sources.filter((source) => sends(source) && !before.has(source.id));
  const first = fresh.toSorted((a, b) => Date.parse(a.first_seen) - Date.parse(b.first_seen))[0];
  if (first !== undefined) return { state: 'arrived', source: first, ever: began.first_request === null };
  const trouble = now.sources.filter(
    (source) => source.state === 'live' && !sends(source) && (source.refused > 0 || source.last_error !== null),
  );
  if (now.first_request === null) return { state: 'waiting', trouble };
  if (began.first_request === null) return { state: 'arrived', source: null, ever: true };
  return { state: 'known', first: now.first_request, sources: now.sources.filter(sends).length, trouble };
}
