import type { ChartMetric } from '../../model/explore.ts';
import { bytes, duration, percent, short } from '../../model/format.ts';

/** A figure in its unit. */
export function formatMetric(metric: ChartMetric, value: number): string {
  if (metric === 'error_rate') return percent(value);
  if (metric === 'bytes_out') return bytes(value);
  return metric === 'requests' || metric === 'uniques' ? short(Math.round(value)) : duration(value);
}
