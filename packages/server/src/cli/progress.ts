import { counted } from '../model/counted.ts';
import type { Io } from './command.ts';

const REDRAWN_EVERY_MS = 100;
/** The rate is that of about so long, so that the end is foreseen from how it goes now. */
const MEMORY_MS = 4000;

export interface ProgressState {
  /** Bytes done, of `total`. */
  bytes: number;
  /** Lines done, where they are counted. */
  lines?: number;
  /** What is being worked on. */
  label?: string;
  /** Bytes to do, where that is known only after the beginning. */
  total?: number | undefined;
}

/** A progress line with rate and time left. */
export interface Progress {
  update(state: ProgressState): void;
  /** Takes the line away, before anything else is written. */
  done(): void;
}

interface Mark {
  at: number;
  bytes: number;
  lines: number;
}

const SILENT: Progress = { update: () => {}, done: () => {} };

/**
 * A progress line on stderr; nothing at all unless that is a terminal. `total`: bytes to do, undefined when unknown
 * (a pipe); the share and the time left are then not shown.
 */
export function openProgress(
  stderr: Io['stderr'],
  options: { total: number | undefined; enabled?: boolean; now?: () => number },
): Progress {
  if (stderr.isTTY !== true || options.enabled === false) return SILENT;
  return new ProgressLine(stderr, options.total, options.now ?? (() => performance.now()));
}

class ProgressLine implements Progress {
  readonly #stderr: Io['stderr'];
  readonly #total: number | undefined;
  readonly #now: () => number;
  #drawn = -Infinity;
  #shown = false;
  #marks: Mark[] = [];

  constructor(stderr: Io['stderr'], total: number | undefined, now: () => number) {
    this.#stderr = stderr;
    this.#total = total;
    this.#now = now;
    this.#marks.push({ at: now(), bytes: 0, lines: 0 });
  }

  update(state: ProgressState): void {
    const at = this.#now();
    if (at - this.#drawn < REDRAWN_EVERY_MS) return;
    this.#drawn = at;
    this.#marks.push({ at, bytes: state.bytes, lines: state.lines ?? 0 });
    while (this.#marks.length > 2 && at - (this.#marks[1]?.at ?? at) > MEMORY_MS) this.#marks.shift();
    const first = this.#marks[0] as Mark;
    const seconds = Math.max(0.001, (at - first.at) / 1000);
    const text = progressText(
      {
        ...state,
        bytesPerSecond: (state.bytes - first.bytes) / seconds,
        linesPerSecond: ((state.lines ?? 0) - first.lines) / seconds,
      },
      state.total ?? this.#total,
      (this.#stderr.columns ?? 80) - 1,
    );
    this.#stderr.write(`\r\u001b[K${text}`);
    this.#shown = true;
  }

  done(): void {
    if (this.#shown) this.#stderr.write('\r\u001b[K');
    this.#shown = false;
  }
}

interface Going extends ProgressState {
  bytesPerSecond: number;
  linesPerSecond: number;
}

/** The line itself, at most `columns` wide. */
export function progressText(going: Going, total: number | undefined, columns: number): string {
  const parts: string[] = [];
  if (total !== undefined && total > 0) {
    const share = Math.min(1, going.bytes / total);
    const cells = Math.round(share * 20);
    parts.push(`${'█'.repeat(cells)}${'░'.repeat(20 - cells)} ${String(Math.floor(share * 100)).padStart(3)} %`);
  }
  parts.push(going.lines === undefined ? size(going.bytes) : counted(going.lines, 'line'));
  if (going.lines !== undefined) parts.push(`${Math.round(going.linesPerSecond).toLocaleString('en-GB')} lines/s`);
  else parts.push(`${size(going.bytesPerSecond)}/s`);
  if (total !== undefined && going.bytesPerSecond > 0) {
    parts.push(`${timeLeft(Math.max(0, total - going.bytes) / going.bytesPerSecond)} left`);
  }
  // A file name may hold anything, also what would move the cursor.
  if (going.label !== undefined) parts.push(going.label.replace(/[\p{C}]/gu, '?'));
  const text = parts.join('  ');
  return text.length > columns ? text.slice(0, Math.max(0, columns)) : text;
}

function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${String(whole % 60).padStart(2, '0')} min`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
}
