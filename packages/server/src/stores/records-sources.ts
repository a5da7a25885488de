import type { SourceKind } from '../model/source.ts';

/** What a source did since the tally before, to be added to what is known. */
export interface SourceTally {
  kind: Exclude<SourceKind, 'file'>;
  name: string;
  /** The agent without its versions; with kind and name it tells sources apart. */
  software: string;
  agent: string;
  firstSeen: number;
  lastSeen: number;
  /** When the first request that was taken arrived; null while none was. */
  firstRequest: number | null;
  requests: number;
  refused: number;
  /** What the sender's processes count themselves, since each was started, and when it was told. */
  counters: Record<string, { count: number; at: number }>;
  lagMs: number | null;
  skewMs: number | null;
  error: { text: string; at: number } | null;
}

/** A source as it is known. */
export interface SourceRecord extends Omit<SourceTally, 'software' | 'counters'> {
  id: string;
  /** Given up by the sender since it was first seen. */
  dropped: number;
  /** Requests in this minute (counted from the epoch) and in the one before it. */
  minute: number;
  minuteRequests: number;
  minuteBefore: number;
}
