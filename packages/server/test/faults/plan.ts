import { type Seeded, seeded } from './seeded.ts';

/** How the hub is put together: in one process; with engines of their own; as roles around a broker. */
export const MODES = ['embedded', 'split', 'kafka'] as const;
export type Mode = (typeof MODES)[number];

/**
 * What is done to a target. kill: SIGKILL, `count` times, the later ones while it starts again. pause: SIGSTOP for
 * `ms`. refuse: the next `count` INSERTs are answered 500. lose: the next `count` INSERTs are stored and their answers
 * lost. silence: nothing passes the line for `ms`. slow: a few bytes at a time for `ms`. cut: the next `count` pieces
 * pass by half and the connection breaks. fill: the disk has no room for `ms`. clock: the target's clock is set off by
 * `ms`.
 */
export type FaultKind = 'kill' | 'pause' | 'refuse' | 'lose' | 'silence' | 'slow' | 'cut' | 'fill' | 'clock';

export interface PlannedFault {
  /** It begins once so many deliveries were acknowledged. */
  after: number;
  target: string;
  kind: FaultKind;
  ms: number;
  count: number;
}

/** One body of POST /api/v1/requests. */
export interface PlannedBatch {
  kind: 'batch';
  /** Sent again under it until acknowledged; without one, sent once. */
  key: string | null;
  /** Per record: the id its sender gives it, null for none. */
  ids: (string | null)[];
  /** Every so many-th record is of a person who refused, and is only counted; 0: none. */
  refusedEvery: number;
  /** Sent once more after it was acknowledged, to another collector where there is one. */
  again: boolean;
  /** Sent twice at the same time. */
  twin: boolean;
  /** How far the sender's clock is off. */
  skewMs: number;
}

/** One log file. */
export interface PlannedImport {
  kind: 'import';
  lines: number;
  /** Each line is filled up to so many bytes. */
  lineBytes: number;
  gzip: boolean;
  /** The upload breaks off after this share of the file, one try after the other. */
  cuts: number[];
  /** Half of the file is there first, and imported as a whole file. */
  grows: boolean;
  /** Sent once more after it was acknowledged. */
  again: boolean;
}

/** One body of POST /api/v1/interactions. Its events have ids, so that it is sent until it is acknowledged. */
export interface PlannedBeacon {
  kind: 'beacon';
  /** Of the events. */
  ids: string[];
  /** Of a person who refused: only counted. */
  refused: boolean;
  /** Sent once more after it was acknowledged, in two parts. */
  again: boolean;
  /** Sent twice at the same time. */
  twin: boolean;
}

export type PlannedDelivery = PlannedBatch | PlannedImport | PlannedBeacon;

export interface Plan {
  seed: number;
  mode: Mode;
  senders: number;
  deliveries: PlannedDelivery[];
  faults: PlannedFault[];
}

const ENGINES: Record<string, FaultKind[]> = {
  postgres: ['kill', 'pause'],
  front: ['kill', 'pause', 'refuse', 'lose'],
  'line to postgres': ['silence', 'slow', 'cut'],
  'line to clickhouse': ['silence', 'slow', 'cut'],
  'spool disk': ['fill'],
  'data disk': ['fill'],
};

/** What can go wrong in each mode; what is named several times comes as often. */
export const MENU: Record<Mode, Record<string, FaultKind[]>> = {
  embedded: {
    hub: ['kill', 'kill', 'kill', 'pause', 'clock'],
    postgres: ['kill', 'pause'],
    'line to hub': ['silence', 'slow', 'cut'],
    'spool disk': ['fill'],
    'data disk': ['fill'],
  },
  split: {
    hub: ['kill', 'kill', 'kill', 'pause', 'clock'],
    'line to hub': ['silence', 'slow', 'cut'],
    ...ENGINES,
  },
  kafka: {
    'collector-a': ['kill', 'pause', 'clock'],
    'collector-b': ['kill', 'pause'],
    'processor-a': ['kill', 'pause', 'clock'],
    'processor-b': ['kill', 'pause'],
    broker: ['kill', 'pause'],
    'line to collector-a': ['silence', 'slow', 'cut'],
    ...ENGINES,
  },
};

const MOST_FAULTS = 4;
const HOUR_MS = 3_600_000;
// Two ranges of an import; the lines are long, so that it takes few.
const LARGE = { lines: 5200, lineBytes: 4000 };

/** The plan of a round: it follows from seed and mode, and from nothing else. */
export function planRound(seed: number, mode: Mode): Plan {
  const random = seeded(seed);
  const deliveries = Array.from({ length: random.int(16, 40) }, (_, index) => planBatch(random, `${seed}-${index}`));
  const imports = random.int(0, 2);
  for (let index = 0; index < imports; index += 1) {
    deliveries.splice(random.int(0, deliveries.length), 0, planImport(random) as never);
  }
  const faults = Array.from({ length: random.int(1, MOST_FAULTS) }, () => planFault(random, mode, deliveries.length));
  faults.sort((a, b) => a.after - b.after);
  const senders = random.int(2, 6);
  // Last, so that what a seed has meant so far it goes on to mean.
  const beacons = random.int(4, 12);
  for (let index = 0; index < beacons; index += 1) {
    deliveries.splice(random.int(0, deliveries.length), 0, planBeacon(random) as never);
  }
  return { seed, mode, senders, deliveries, faults };
}

function planBatch(random: Seeded, name: string): PlannedDelivery {
  const rows = random.pick([1, 1, 2, 5, 10, 20, 50, 100, random.int(1, 400)]);
  const keyed = random.percent(75);
  const withIds = random.pick([0, 50, 100]);
  return {
    kind: 'batch',
    key: keyed ? `fault-${name}` : null,
    ids: Array.from({ length: rows }, () => (random.percent(withIds) ? random.uuid() : null)),
    refusedEvery: random.percent(30) ? random.int(1, 5) : 0,
    again: keyed && random.percent(20),
    twin: keyed && random.percent(15),
    skewMs: random.percent(20) ? random.int(-6 * HOUR_MS, 6 * HOUR_MS) : 0,
  };
}

function planBeacon(random: Seeded): PlannedBeacon {
  return {
    kind: 'beacon',
    ids: Array.from({ length: random.pick([1, 1, 2, 3, 50]) }, () => random.uuid().replaceAll('-', '')),
    refused: random.percent(30),
    again: random.percent(30),
    twin: random.percent(25),
  };
}

function planImport(random: Seeded): PlannedImport {
  const { lines, lineBytes } = random.percent(12) ? LARGE : { lines: random.int(20, 1500), lineBytes: 0 };
  return {
    kind: 'import',
    lines,
    lineBytes,
    gzip: random.percent(40),
    cuts: Array.from({ length: random.int(0, 2) }, () => random.int(1, 99) / 100),
    grows: random.percent(30),
    again: random.percent(30),
  };
}

function planFault(random: Seeded, mode: Mode, deliveries: number): PlannedFault {
  const { target, kind } = random.pick(
    Object.entries(MENU[mode]).flatMap(([name, kinds]) => kinds.map((one) => ({ target: name, kind: one }))),
  );
  // A clock that jumps by up to a day ahead passes midnight, where the keys of the day change.
  const ms = kind === 'clock' ? random.int(-6 * HOUR_MS, 23 * HOUR_MS) : random.int(50, 1200);
  const count = random.pick([1, 1, 1, 2, 3]);
  return { after: random.int(1, Math.max(1, Math.floor(deliveries * 0.7))), target, kind, ms, count };
}

/** A fault in a few words, e.g. `3: kill hub`. */
export function describeFault({ after, target, kind, ms, count }: PlannedFault): string {
  const amount: Record<FaultKind, string> = {
    kill: count > 1 ? ` ${count} times` : '',
    pause: ` ${ms} ms`,
    refuse: ` ${count}`,
    lose: ` ${count}`,
    silence: ` ${ms} ms`,
    slow: ` ${ms} ms`,
    cut: ` ${count}`,
    fill: ` ${ms} ms`,
    clock: ` ${Math.round(ms / 60_000)} min`,
  };
  return `${after}: ${kind} ${target}${amount[kind]}`;
}
