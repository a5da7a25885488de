import { useQueryClient } from '@tanstack/react-query';
import type { RequestRow, RequestRows } from '@vedette/contract';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { type Chip, toWhere } from '../model/chip.ts';
import type { ServerEvent } from '../model/event-stream.ts';
import { addArrived, addBefore, emptyTail, restored, type Tail } from '../model/live-tail.ts';
import type { Window } from '../model/range.ts';
import { useReached } from '../state/reach.ts';
import { useView } from '../state/view-context.ts';
import { getJson, type Problem } from './client.ts';
import { type Connection, type ConnectionState, connectEvents } from './event-connection.ts';

/** How many of what came before one began to watch are shown below. */
const BEFORE = 50;

export interface Live {
  /** `unreadable`: the hub listens, but cannot read requests just now. */
  state: Exclude<ConnectionState, { kind: 'open' }> | { kind: 'live' } | { kind: 'unreadable' };
  tail: Tail;
  /** Whether it is known what came before; the list waits for it. */
  known: boolean;
  /** Of when nothing was told, because the page was away for too long; null for nothing. */
  gap: Window | null;
}

interface LiveSource {
  subscribe(listener: () => void): () => void;
  snapshot(): Live;
  retry(): void;
  /** Takes away what there is; the result brings it back. */
  clear(): () => void;
}

/** What was told by one piece of the stream. */
interface Told {
  rows: RequestRow[];
  leftOut: number;
  state: { from: string; readable: boolean; gap_from: string | null } | null;
}

/**
 * Requests of a question as they come in, for as long as somebody looks. However many come, those who look are told once a
 * frame, which a hidden page has none of.
 */
function createLiveSource(parameters: string, onRefused: (error: Problem) => void): LiveSource {
  const listeners = new Set<() => void>();
  let now: Live = { state: { kind: 'connecting' }, tail: emptyTail(Date.now()), known: false, gap: null };
  let shown = now;
  let frame = 0;
  let connection: Connection | null = null;
  let asked = false;

  function change(part: Partial<Live>): void {
    now = { ...now, ...part };
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      shown = now;
      for (const listener of listeners) listener();
    });
  }

  /** Once the stream is open, so that nothing is between the two. */
  function askBefore(): void {
    if (asked) return;
    asked = true;
    getJson<RequestRows>(`/api/v1/requests?${parameters}&from=-1h&limit=${BEFORE}`).then(
      ({ requests }) => change({ tail: addBefore(now.tail, requests), known: true }),
      // What matters is what comes now.
      () => change({ known: true }),
    );
  }

  function take(events: readonly ServerEvent[]): void {
    const { rows, leftOut, state } = read(events);
    const { tail } = now;
    change({
      ...(state !== null && { state: { kind: state.readable ? 'live' : 'unreadable' } }),
      ...(state !== null && state.gap_from !== null && { gap: gapOf(state.gap_from, state.from) }),
      ...(rows.length + leftOut > 0 && { tail: addArrived(tail, rows, leftOut, Date.now()) }),
    });
    if (state !== null) askBefore();
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      connection ??= connectEvents(`/api/v1/requests/live?${parameters}`, {
        onEvents: take,
        onState(state) {
          // Open is what the hub says itself, with whether it can read.
          if (state.kind !== 'open') change({ state });
          if (state.kind === 'refused') onRefused(state.error);
        },
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        cancelAnimationFrame(frame);
        frame = 0;
        connection?.close();
        connection = null;
      };
    },
    snapshot: () => shown,
    retry: () => connection?.retry(),
    clear() {
      const { tail, gap } = now;
      change({ tail: emptyTail(Date.now(), true), gap: null });
      return () => change({ tail: restored(now.tail, tail), gap });
    },
  };
}

function read(events: readonly ServerEvent[]): Told {
  const told: Told = { rows: [], leftOut: 0, state: null };
  for (const { event, data } of events) {
    if (event === 'request') told.rows.push(JSON.parse(data));
    else if (event === 'skipped') told.leftOut += Number(JSON.parse(data).count);
    else if (event === 'state') told.state = JSON.parse(data);
  }
  return told;
}

function gapOf(from: string, to: string): Window {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function parametersOf(tenant: string, chips: readonly Chip[]): string {
  const parameters = new URLSearchParams({ tenant });
  for (const chip of chips) parameters.append('where', toWhere(chip));
  return parameters.toString();
}

/** The requests that the filters of the screen let through, as they come in. */
export function useLiveTail(): Live & Pick<LiveSource, 'retry' | 'clear'> {
  const { tenant, chips } = useView();
  const queries = useQueryClient();
  const reached = useReached();
  const parameters = parametersOf(tenant.id, chips);
  const source = useMemo(
    () =>
      createLiveSource(parameters, ({ status }) => {
        // The session has ended, or the role or tenant is another: who we are shows what is left to see.
        if (status === 401 || status === 403) void queries.invalidateQueries({ queryKey: ['me'] });
      }),
    [parameters, queries],
  );
  const live = useSyncExternalStore(source.subscribe, source.snapshot);
  useEffect(() => {
    if (reached) source.retry();
  }, [reached, source]);
  return { ...live, retry: source.retry, clear: source.clear };
}
