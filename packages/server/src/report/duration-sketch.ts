/** Relative error of a percentile. */
export const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
const PER_LOG = 1 / Math.log(GAMMA);
/** Enough for 1 µs to 118 days; longer ones fall into the last bin. */
const BINS = 1500;

/** A sketch as plain data, to be sent between threads and merged. */
export interface SketchData {
  /** Bin 0: zero; bin i: durations in (γ^(i-2), γ^(i-1)] µs. */
  bins: Float64Array;
  sum: number;
  min: number;
  max: number;
}

/**
 * Durations in logarithmic bins (Masson, Rim, Lee: DDSketch, VLDB 2019): any quantile within 1 % of the true value,
 * fixed size, and merging is addition.
 */
export class DurationSketch {
  readonly data: SketchData;

  constructor(data: SketchData = { bins: new Float64Array(BINS), sum: 0, min: Infinity, max: 0 }) {
    this.data = data;
  }

  /** Adds a duration in microseconds (not negative). */
  add(us: number): void {
    const bin = us < 1 ? 0 : Math.min(BINS - 1, Math.ceil(Math.log(us) * PER_LOG) + 1);
    const { data } = this;
    data.bins[bin] = (data.bins[bin] as number) + 1;
    data.sum += us;
    if (us < data.min) data.min = us;
    if (us > data.max) data.max = us;
  }

  /** Adds all that another sketch holds. */
  merge(other: SketchData): void {
    const { bins } = this.data;
    for (let i = 0; i < BINS; i++) bins[i] = (bins[i] as number) + (other.bins[i] as number);
    this.data.sum += other.sum;
    this.data.min = Math.min(this.data.min, other.min);
    this.data.max = Math.max(this.data.max, other.max);
  }

  get count(): number {
    let count = 0;
    for (const n of this.data.bins) count += n;
    return count;
  }

  /** The duration in microseconds that a share `q` (0–1) of them does not exceed (nearest rank); null when there are none. */
  quantile(q: number): number | null {
    const { bins, min, max } = this.data;
    const total = this.count;
    if (total === 0) return null;
    const rank = Math.max(1, Math.ceil(q * total));
    let seen = 0;
    for (let bin = 0; bin < BINS; bin++) {
      seen += bins[bin] as number;
      if (seen < rank) continue;
      return bin === 0 ? min : Math.max(min, Math.min(max, (2 * GAMMA ** (bin - 1)) / (GAMMA + 1)));
    }
    return max;
  }
}
