import { type Detection, detect } from './detector.ts';
import { exceptionOf, type ScanPlace } from './scan-exceptions.ts';

/** Places with findings beyond this are counted together. */
const MOST_FINDINGS = 2000;

export interface ScanFinding {
  kind: Detection['kind'];
  place: string;
  count: number;
  /** One of them, most of it masked. */
  sample: string;
  excepted: string | null;
}

/** What a scan looked at and what it came across. */
export interface ScanReport {
  looked_at: { place: string; items: number; bytes: number }[];
  skipped: { place: string; why: string }[];
  findings: ScanFinding[];
}

/** Gathers what a scan sees; holds no more than counts and one masked sample of each kind a place. */
export class ScanTally {
  readonly #findings = new Map<string, ScanFinding>();
  readonly #looked = new Map<string, { items: number; bytes: number }>();
  readonly #skipped: ScanReport['skipped'] = [];

  /** A text, and how often it is there. */
  text(place: ScanPlace, text: string, times = 1): void {
    detect(text, (detection) => this.#add(place, detection, times));
  }

  looked(place: string, items: number, bytes: number): void {
    const known = this.#looked.get(place) ?? { items: 0, bytes: 0 };
    this.#looked.set(place, { items: known.items + items, bytes: known.bytes + bytes });
  }

  skip(place: string, why: string): void {
    this.#skipped.push({ place, why });
  }

  #add(place: ScanPlace, detection: Detection, times: number): void {
    const excepted = exceptionOf(place, detection);
    const where = this.#findings.size < MOST_FINDINGS ? nameOf(place) : `${place.source}, further places`;
    const key = `${detection.kind} ${where} ${excepted ?? ''}`;
    const known = this.#findings.get(key);
    if (known !== undefined) known.count += times;
    else {
      const { kind, masked: sample } = detection;
      this.#findings.set(key, { kind, place: where, count: times, sample, excepted });
    }
  }

  /** What must not be first, then by how much there is. */
  report(): ScanReport {
    const wrong = ({ excepted }: ScanFinding) => (excepted === null ? 0 : 1);
    return {
      looked_at: [...this.#looked].map(([place, figures]) => ({ place, ...figures })),
      skipped: [...this.#skipped],
      findings: [...this.#findings.values()].sort((a, b) => wrong(a) - wrong(b) || b.count - a.count),
    };
  }
}

function nameOf({ source, name, column, part }: ScanPlace): string {
  const late = part === 'late' ? ' (past its time)' : '';
  return `${source} ${name}${column === '' ? '' : `.${column}`}${late}`;
}
