import type { RequestRow } from '@vedette/contract';
import { DEFAULT_CHIPS } from './chip.ts';
import { pathOf } from './place.ts';
import { HOUR } from './range.ts';
import type { TrafficClass } from './series.ts';
import { formatView } from './view.ts';

/** Which class a request counts as, by what a row of it says. */
export function classOf({ bot, network_kind }: Pick<RequestRow, 'bot' | 'network_kind'>): TrafficClass {
  if (bot) return 'bots';
  return network_kind === 'hosting' ? 'hosting' : 'people';
}

/** A request in few words: `GET /orders/4711`. */
export function requestName({ method, path }: Pick<RequestRow, 'method' | 'path'>): string {
  return `${method} ${path}`.trim();
}

/** The address, for others too, at which the explorer opens a request, over all there were of its hour. */
export function requestAddress(tenant: string, { id, time }: Pick<RequestRow, 'id' | 'time'>): string {
  const from = Math.floor(Date.parse(time) / HOUR) * HOUR;
  const view = {
    tenant,
    range: { kind: 'custom' as const, from, to: from + HOUR },
    chips: DEFAULT_CHIPS,
    exact: false,
  };
  return pathOf('explore') + formatView(view, `show=requests&request=${id}`);
}
