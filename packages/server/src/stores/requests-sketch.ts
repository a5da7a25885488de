/** Relative error and levels of the latency sketch; tables and queries must name the same. */
export const SKETCH = '(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)';

/**
 * How many values a quantilesDD state holds, as SQL columns of which the last is `timed`. The sketch is made of counts,
 * but no function of ClickHouse sums them, so its bytes are read: the mapping (17), a flag of 1, an encoding, the number
 * of bins as a varint, the bins, then 18 for the values below zero (there are none) and, as the last 8, the count of
 * zeros. Bins are Float64 counts, one after the other (encoding 12), or each after its key as a varint (4).
 * NULL for other bytes, as another version of ClickHouse might write them: unknown is better than wrong.
 */
export function sketchCount(state: string): string {
  const count = (position: string) => `reinterpretAsFloat64(substring(sketch, ${position}, 8))`;
  const width = `if(sketch_keyed, 1 + (${byteAt('at.1')} > 127) + (${byteAt('at.1')} > 127 AND ${byteAt('at.1 + 1')} > 127), 0)`;
  const first = 'if(sketch_keyed, 21 + sketch_wide, length(sketch) - 17 - 8 * sketch_bins)';
  return [
    `CAST(${state} AS String) AS sketch`,
    `${byteAt('19')} = 4 AS sketch_keyed`,
    `${byteAt('20')} > 127 AS sketch_wide`,
    `bitAnd(${byteAt('20')}, 127) + if(sketch_wide, 128 * ${byteAt('21')}, 0) AS sketch_bins`,
    `arrayFold(at, bin -> (at.1 + ${width} + 8, at.2 + ${count(`at.1 + ${width}`)}), range(sketch_bins), (toInt64(${first}), toFloat64(0))) AS sketch_sum`,
    `${byteAt('18')} = 1 AND ${byteAt('19')} IN (4, 12) AND sketch_sum.1 = length(sketch) - 17 AND ${byteAt('length(sketch) - 17')} = 3 AS sketch_known`,
    `if(sketch_known, toUInt64(sketch_sum.2 + ${count('length(sketch) - 7')}), NULL) AS timed`,
  ].join(', ');
}

function byteAt(position: string): string {
  return `reinterpretAsUInt8(substring(sketch, ${position}, 1))`;
}
