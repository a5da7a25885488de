import { Fault } from '../model/fault.ts';
import { errorText, type SourceBook, type SourceKind } from '../model/source.ts';
import type { Consignment, Incoming, Receiver, Reception, TrafficIntake, TurnedAway } from '../model/ways-in.ts';

export interface ReceptionTools {
  intake: TrafficIntake;
  /** Whose a host is, suspended or not; undefined: nobody's. */
  ownerOf(host: string): string | undefined;
  sources: SourceBook;
  now?: () => number;
}

/** What became of one tenant's part. */
interface Part {
  tenantId: string;
  records: readonly Incoming[];
  refused: TurnedAway[];
  accepted: number;
  /** Those of `records` that were taken. */
  taken: Incoming[];
  fault: unknown;
  repeated: boolean;
}

/**
 * Where all live ways in come together: sorts what was read by tenant, delivers each tenant its own, and notes in the
 * ledger of sources what was taken, refused and wrong.
 */
export function createReceiver({ intake, ownerOf, sources, now = Date.now }: ReceptionTools): Receiver {
  async function deliver(tenantId: string, records: readonly Incoming[], consignment: Consignment): Promise<Part> {
    const { idempotencyKey, fingerprint } = consignment;
    const part: Part = { tenantId, records, refused: [], accepted: 0, taken: [], fault: undefined, repeated: false };
    try {
      const receipt = await intake.deliver({
        tenantId,
        origin: 'edge',
        records: records.map(({ raw }) => raw),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(fingerprint === undefined ? {} : { fingerprint }),
      });
      const away = new Set<number>();
      for (const { index, refusal } of receipt.refused) {
        away.add(index);
        part.refused.push({ index: records[index]?.index ?? index, refusal, from: records[index]?.from ?? '' });
      }
      part.repeated = receipt.repeated;
      part.accepted = receipt.accepted;
      part.taken = records.filter((_, index) => !away.has(index));
    } catch (error) {
      part.fault = error ?? new Fault('overloaded', 'the delivery failed');
    }
    return part;
  }

  const figures = new Map<SourceKind, { accepted: number; rejected: number; failed: number }>();
  function count({ sender: { kind } }: Consignment, { accepted, rejected, failed, repeated }: Reception): void {
    const own = figures.get(kind) ?? { accepted: 0, rejected: 0, failed: 0 };
    figures.set(kind, own);
    own.rejected += rejected.length;
    own.failed += failed.length;
    if (!repeated) own.accepted += accepted;
  }

  return {
    figures: () => figures,
    async receive(consignment) {
      const { reading, tenantId, byHost } = consignment;
      const groups = new Map<string, Incoming[]>();
      for (const record of reading.records) {
        const owner = (byHost ? ownerOf(record.raw.host) : undefined) ?? tenantId;
        const group = groups.get(owner);
        if (group === undefined) groups.set(owner, [record]);
        else group.push(record);
      }
      // All are awaited, so that nothing of a call is under way when it is answered.
      const parts = await Promise.all([...groups].map(([owner, records]) => deliver(owner, records, consignment)));
      note(consignment, parts, sources, now());
      const reception: Reception = {
        accepted: parts.reduce((sum, { accepted }) => sum + accepted, 0),
        rejected: [...reading.rejected, ...parts.flatMap(({ refused }) => refused)].sort((a, b) => a.index - b.index),
        failed: parts
          .filter(({ fault }) => fault !== undefined)
          .flatMap(({ records }) => records.map(({ index }) => index)),
        fault: parts.find(({ fault }) => fault !== undefined)?.fault,
        repeated: parts.length > 0 && parts.every(({ repeated }) => repeated),
      };
      count(consignment, reception);
      return reception;
    },
  };
}

/** One line of the ledger: what a sender did for one tenant. */
interface Line {
  accepted: number;
  refused: number;
  newest: number | null;
  error: string;
}

/** Notes what each sender named in the body did, for each tenant. A repetition counts nothing twice. */
function note(
  { sender, tenantId, reading }: Consignment,
  parts: readonly Part[],
  sources: SourceBook,
  at: number,
): void {
  const heard = parts.some((part) => part.tenantId === tenantId);
  const all = heard
    ? parts
    : [...parts, { tenantId, records: [], refused: [], accepted: 0, taken: [], fault: undefined, repeated: false }];
  for (const part of all) {
    const lines = new Map<string, Line>();
    // What could not be read is told to whoever sent it; whose it would have been is not known.
    const own = part.tenantId === tenantId ? reading.rejected : [];
    const lineOf = (from: string): Line => {
      const name = from || sender.name;
      let line = lines.get(name);
      if (line === undefined) {
        line = { accepted: 0, refused: 0, newest: null, error: '' };
        lines.set(name, line);
      }
      return line;
    };
    if (part.tenantId === tenantId && part.taken.length === 0 && own.length === 0) lineOf('');
    for (const { from, raw } of part.taken) {
      const line = lineOf(from);
      if (!part.repeated) line.accepted += 1;
      line.newest = Math.max(line.newest ?? raw.time, raw.time);
    }
    for (const { from, refusal } of [...own, ...part.refused]) {
      const line = lineOf(from);
      if (!part.repeated) line.refused += 1;
      line.error = errorText(refusal.detail);
    }
    if (part.fault !== undefined) {
      const told = part.fault instanceof Fault ? part.fault.message : 'a fault of the hub; its log says what';
      lineOf('').error = errorText(`not taken: ${told}`);
    }
    for (const [name, line] of lines) sources.note(part.tenantId, { sender: { ...sender, name }, at, ...line });
  }
}
