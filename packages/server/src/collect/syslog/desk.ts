import { setTimeout as sleep } from 'node:timers/promises';
import { isRefusal, type Refusal } from '../../model/request.ts';
import type { Incoming, Receiver, TurnedAway } from '../../model/ways-in.ts';
import { createLineReaders, type LineReader } from '../line-reader.ts';
import { readMessage } from './message.ts';

/** A delivery is made when this weight waits, or the first has waited so long. */
const MOST_BATCH = 1000;
const MAX_WAIT_MS = 100;
/** What a message weighs: one, and more when it is long. */
const UNIT_BYTES = 2048;
/** Waiting weight from which on TCP is not read and UDP is dropped, and below which TCP is read again. */
const HIGH = 20_000;
const LOW = 5000;
const RETRY_FIRST_MS = 200;
const RETRY_MOST_MS = 5000;
const PATIENCE_MS = 3000;
const LONGEST_NAME = 100;

/** Counters since the start. Every message is one of them. */
export interface SyslogFigures {
  accepted: number;
  /** By reason. */
  refused: Record<string, number>;
  /** Lines that carry no request, such as what a server says of itself. */
  ignored: number;
  /** UDP messages that came while there was no room. */
  dropped: number;
}

export interface DeskOptions {
  receiver: Pick<Receiver, 'receive'>;
  /** Tenant of what belongs to nobody's host. */
  tenantId: string;
  /** Whose a host is; undefined: nobody's. */
  ownerOf(host: string): string | undefined;
  /** Called when TCP is to be read no further, and when it may be again. */
  onPressure(full: boolean): void;
  onError(error: unknown, doing: string): void;
}

/**
 * Takes messages from the sockets, reads them, and delivers them by sender and tenant until they are taken.
 */
export interface SyslogDesk {
  /** False when there is no room; then it was not taken, but for TCP's, which is asked to stop before that. */
  take(message: Buffer, transport: 'tcp' | 'udp'): boolean;
  /** Counts a UDP message that is not taken. */
  drop(): void;
  /** Counts what could not even be cut into messages. */
  refuse(reason: string): void;
  figures(): SyslogFigures;
  /** Delivers what waits, for a while. */
  close(): Promise<void>;
}

interface Batch {
  tenantId: string;
  name: string;
  app: string;
  records: Incoming[];
  rejected: TurnedAway[];
  ignored: number;
}

export function createSyslogDesk(options: DeskOptions): SyslogDesk {
  const { receiver, tenantId: standard, ownerOf } = options;
  const readerOf = createLineReaders();
  const figures: SyslogFigures = { accepted: 0, refused: {}, ignored: 0, dropped: 0 };
  const stopping = new AbortController();
  let batches = new Map<string, Batch>();
  /** Weight of what waits to be delivered, and of what is under way. */
  let waiting = 0;
  let underWay = 0;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<void> | null = null;
  let full = false;

  function batchOf(tenantId: string, host: string, app: string): Batch {
    const key = `${tenantId} ${host} ${app}`;
    let batch = batches.get(key);
    if (batch === undefined) {
      const name = [host, app].filter((part) => part !== '').join(' ');
      batch = { tenantId, name, app, records: [], rejected: [], ignored: 0 };
      batches.set(key, batch);
    }
    return batch;
  }

  function count(reason: string): void {
    figures.refused[reason] = (figures.refused[reason] ?? 0) + 1;
  }

  function read(bytes: Buffer): void {
    const message = readMessage(bytes);
    if (message === null) {
      count('bad-message');
      return turnAway(batchOf(standard, '', ''), { refused: 'bad-message', detail: 'a message without <priority>' });
    }
    const host = message.host.slice(0, LONGEST_NAME);
    const app = message.app.slice(0, LONGEST_NAME);
    const parsed = readLine(readerOf(`${host} ${app}`), message.text, app);
    if (parsed === null) {
      figures.ignored += 1;
      batchOf(standard, host, app).ignored += 1;
    } else if (isRefusal(parsed)) {
      count(parsed.refused);
      turnAway(batchOf(standard, host, app), parsed);
    } else {
      // A server that calls itself by a domain of somebody's speaks for it where its lines name no host.
      if (parsed.host === '' && ownerOf(host.toLowerCase()) !== undefined) parsed.host = host.toLowerCase();
      const batch = batchOf(ownerOf(parsed.host) ?? standard, host, app);
      batch.records.push({ index: batch.records.length, raw: parsed, from: '' });
    }
  }

  function plan(): void {
    if (waiting >= MOST_BATCH) flush();
    else timer ??= setTimeout(flush, MAX_WAIT_MS);
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (sending !== null || waiting === 0) return;
    const now = [...batches.values()];
    batches = new Map();
    underWay = waiting;
    waiting = 0;
    sending = Promise.all(now.map(deliver)).then(() => {
      sending = null;
      underWay = 0;
      if (full && waiting < LOW) press(false);
      if (waiting > 0) flush();
    });
  }

  /** Syslog has no answer that could ask for a repetition, so the hub holds what it has until it is taken. */
  async function deliver(batch: Batch): Promise<void> {
    const { tenantId, name, app, ...reading } = batch;
    const sender = { kind: 'syslog' as const, name, agent: app, sentAt: null, dropped: null, instance: '' };
    for (let wait = RETRY_FIRST_MS; ; wait = Math.min(wait * 2, RETRY_MOST_MS)) {
      const reception = await receiver.receive({ sender, tenantId, byHost: false, reading });
      if (reception.fault === undefined) {
        figures.accepted += reception.accepted;
        for (const { refusal } of reception.rejected.slice(reading.rejected.length)) count(refusal.refused);
        return;
      }
      if (stopping.signal.aborted) {
        figures.dropped += reading.records.length;
        return options.onError(reception.fault, `${reading.records.length} syslog messages were lost at the stop`);
      }
      // What was refused is noted by now.
      reading.rejected = [];
      options.onError(reception.fault, `delivering syslog messages; trying again in ${wait} ms`);
      await sleep(wait, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    }
  }

  function press(now: boolean): void {
    full = now;
    options.onPressure(now);
  }

  return {
    take(message, transport) {
      if (transport === 'udp' && waiting + underWay >= HIGH) {
        figures.dropped += 1;
        return false;
      }
      read(message);
      waiting += Math.ceil((message.length + 1) / UNIT_BYTES);
      if (!full && waiting + underWay >= HIGH) press(true);
      plan();
      return true;
    },
    drop() {
      figures.dropped += 1;
    },
    refuse(reason) {
      count(reason);
      turnAway(batchOf(standard, '', ''), { refused: reason, detail: `a TCP stream of syslog is wrong: ${reason}` });
      waiting += 1;
      plan();
    },
    figures: () => ({ ...figures, refused: { ...figures.refused } }),
    async close() {
      const deadline = setTimeout(() => stopping.abort(), PATIENCE_MS);
      flush();
      while (sending !== null) await sending;
      clearTimeout(deadline);
    },
  };
}

function turnAway(batch: Batch, refusal: Refusal): void {
  batch.rejected.push({ index: batch.rejected.length, refusal, from: '' });
}

/** HAProxy also says in its log what it does itself; its lines are known by their program, not by their form. */
function readLine(reader: LineReader, text: string, app: string): ReturnType<LineReader['read']> {
  const parsed = reader.read(text);
  const own = parsed !== null && isRefusal(parsed) && parsed.refused === 'not-a-record' && app === 'haproxy';
  return own ? null : parsed;
}
