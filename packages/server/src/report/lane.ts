import { eachLine } from '../collect/access-log/lines.ts';
import { openParser } from '../collect/access-log/parser.ts';
import { createEnricher, type EnricherOptions, type LocalEnricher } from '../enrich/enricher.ts';
import type { FileContents } from '../enrich/geo-files.ts';
import type { Filter } from '../model/filter.ts';
import { isRefusal } from '../model/request.ts';
import { type Condition, condition } from './condition.ts';
import { ownText } from './own-text.ts';
import { Tally } from './tally.ts';
import type { TallyData } from './tally-data.ts';
import type { TableLimit } from './top-table.ts';
import type { Window } from './window.ts';

/** What every thread is told once; plain data. */
export interface LaneSettings {
  enricher: EnricherOptions;
  window: Window;
  filters: readonly Filter[];
  clients: boolean;
  /** Whether every rejected line is wanted, or only examples. */
  allRejects: boolean;
  limit?: TableLimit;
}

/** One block of lines and how to read it; plain data. */
export interface BlockJob {
  lane: number;
  bytes: Uint8Array;
  format: string;
  state: string;
  custom: string | undefined;
}

/** A line that was not taken. `line` counts from 1 within the block. */
export interface BlockReject {
  line: number;
  reason: string;
  detail: string;
  text: string;
}

export interface BlockResult {
  /** All lines, blank ones and directives too. */
  lines: number;
  accepted: number;
  skipped: number;
  reasons: Record<string, number>;
  /** In order; all of them, or the first of each reason. */
  rejects: BlockReject[];
}

/** What one thread has in the end. */
export interface ThreadTallies {
  lanes: [lane: number, data: TallyData][];
  /** What the licences of the local data ask to be said. */
  attributions: string[];
}

/** Examples kept of each reason. */
export const EXAMPLES = 3;
/** As much of a rejected line as an example needs. */
const LONGEST_EXAMPLE = 1024;

/** The lanes of one thread: they share an enricher and are opened as blocks come. */
export class Lanes {
  readonly #settings: LaneSettings;
  readonly #enricher: LocalEnricher;
  readonly #condition: Condition;
  readonly #tallies = new Map<number, Tally>();

  private constructor(settings: LaneSettings, enricher: LocalEnricher) {
    this.#settings = settings;
    this.#enricher = enricher;
    this.#condition = condition(settings.filters);
  }

  /** Loads the local data of enrichment; `contents`: files read already. Throws its faults. */
  static async open(settings: LaneSettings, contents?: FileContents): Promise<Lanes> {
    // The tallies remember answers themselves: what the enricher keeps beside them would be kept twice.
    const few = { addressCacheSize: 4096, agentCacheSize: 1024, watch: false, contents };
    return new Lanes(settings, await createEnricher({ ...settings.enricher, ...few }));
  }

  /** Reads one block into its lane's tally. */
  read(job: BlockJob): BlockResult {
    const tally = this.#tally(job.lane);
    const parser = openParser(job.format, {
      state: job.state,
      ...(job.custom === undefined ? {} : { custom: job.custom }),
    });
    const result: BlockResult = { lines: 0, accepted: 0, skipped: 0, reasons: {}, rejects: [] };
    const { bytes } = job;
    eachLine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (line) => {
      result.lines++;
      const parsed = parser.parse(line);
      if (parsed === null) result.skipped++;
      else if (isRefusal(parsed)) this.#reject(result, parsed.refused, parsed.detail, line);
      else {
        result.accepted++;
        tally.add(parsed);
      }
    });
    return result;
  }

  #reject(result: BlockResult, reason: string, detail: string, line: string): void {
    const count = (result.reasons[reason] ?? 0) + 1;
    result.reasons[reason] = count;
    const whole = this.#settings.allRejects;
    if (!whole && count > EXAMPLES) return;
    const text = ownText(line, whole ? line.length : LONGEST_EXAMPLE);
    result.rejects.push({ line: result.lines, reason, detail, text });
  }

  #tally(lane: number): Tally {
    let tally = this.#tallies.get(lane);
    if (tally === undefined) {
      const { window, clients, limit } = this.#settings;
      const options = { enricher: this.#enricher, window, condition: this.#condition, clients };
      tally = new Tally(limit === undefined ? options : { ...options, limit });
      this.#tallies.set(lane, tally);
    }
    return tally;
  }

  /** What each lane that got a block has counted, and whose data was used. */
  finish(): ThreadTallies {
    return {
      lanes: [...this.#tallies].map(([lane, tally]) => [lane, tally.data()]),
      attributions: this.#enricher.sources().map((source) => source.attribution),
    };
  }
}
