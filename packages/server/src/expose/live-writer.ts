import { isUuid } from '../model/uuid.ts';
import type { EventStream } from './event-stream.ts';
import { type Arrived, isBehind, type Listener } from './live-tail.ts';

/** Whoever was cut off is told what came in meanwhile, if that is not longer ago. */
const RESUME_MS = 10 * 60_000;
/** The first in the order of ids, behind which are all. */
const BEFORE_ALL = '';

/** Where a stream begins. */
export interface Beginning {
  behind: Arrived;
  /** ms since the epoch, from when on nothing is told up to there: the listener was away for too long. null: of nothing. */
  gapFrom: number | null;
}

/** Tells one listener what comes in, as far as it takes it. */
export interface LiveWriter extends Omit<Listener, 'where'> {
  /** Says from when on requests are told. */
  begin(): void;
  /** The listener takes events again: it is told how much it missed. */
  drained(): void;
  beat(): void;
}

/**
 * Nothing is piled up for who takes nothing: what it misses is counted, and told once it takes something again. The id of
 * each event is how far everything was told, or told of.
 */
export function createLiveWriter(stream: EventStream, { behind, gapFrom }: Beginning): LiveWriter {
  let place = behind;
  let missed = 0;
  let readable = true;
  const advance = (to: Arrived) => {
    if (isBehind(to, place)) place = to;
  };
  const tellState = () => {
    const [from, gap] = [behind.received, gapFrom].map((ms) => (ms === null ? null : new Date(ms).toISOString()));
    stream.send('state', { from, readable, gap_from: gap }, writePlace(place));
  };
  const tellMissed = () => {
    if (missed === 0 || !stream.ready) return;
    stream.send('skipped', { count: missed }, writePlace(place));
    missed = 0;
  };
  return {
    begin: tellState,
    arrived(rows, skipped) {
      missed += skipped;
      tellMissed();
      for (const row of rows) {
        advance({ received: Date.parse(row.received), id: row.id });
        if (stream.ready) stream.send('request', row, writePlace(place));
        else missed += 1;
      }
    },
    settled(until) {
      // What was missed comes again for who is cut off before it was told of it.
      if (missed === 0) advance({ received: until, id: BEFORE_ALL });
    },
    readable(can) {
      readable = can;
      tellState();
    },
    drained: tellMissed,
    beat() {
      if (stream.ready) stream.beat(writePlace(place));
    },
  };
}

/** A place as a listener names it. */
function writePlace({ received, id }: Arrived): string {
  return Buffer.from(`${received} ${id}`).toString('base64url');
}

/**
 * Where a stream begins: behind the event that the listener names, if that is not too long ago, else now. null: no stream
 * gave such an id.
 */
export function readBeginning(eventId: string, now: number): Beginning | null {
  if (eventId === '') return { behind: { received: now, id: BEFORE_ALL }, gapFrom: null };
  const parts = Buffer.from(eventId, 'base64url').toString().split(' ');
  const [time = '', id = ''] = parts;
  if (parts.length !== 2 || !/^\d{1,15}$/.test(time) || !(id === BEFORE_ALL || isUuid(id))) return null;
  const received = Math.min(Number(time), now);
  if (received < now - RESUME_MS) return { behind: { received: now, id: BEFORE_ALL }, gapFrom: received };
  return { behind: { received, id }, gapFrom: null };
}
