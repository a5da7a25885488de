import type { RequestRow } from '@vedette/contract';
import type { TrafficClass } from './series.ts';

/** Which class a request counts as, by what a row of it says. */
export function classOf({ bot, network_kind }: Pick<RequestRow, 'bot' | 'network_kind'>): TrafficClass {
  if (bot) return 'bots';
  return network_kind === 'hosting' ? 'hosting' : 'people';
}

/** A request in few words: `GET /orders/4711`. */
export function requestName({ method, path }: Pick<RequestRow, 'method' | 'path'>): string {
  return `${method} ${path}`.trim();
}
