import { addressScope } from '../model/address.ts';
import { ProblemError } from './problem.ts';

/**
 * Refuses a Host header that names no loopback address and none of `hosts`. A page on the web can have its own name
 * resolve to 127.0.0.1 (DNS rebinding) and would then be same-origin with a hub that only listens there.
 */
export function refuseForeignHost(header: string | undefined, hosts: readonly string[]): void {
  const name = (header ?? '').toLowerCase().replace(/:\d*$/, '');
  const bare = name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
  if (name === 'localhost' || name.endsWith('.localhost') || hosts.includes(name)) return;
  if (addressScope(bare) === 'loopback') return;
  throw new ProblemError(
    421,
    'foreign-host',
    `the hub listens on this machine only and is not known as "${name.slice(0, 100)}"; set VEDETTE_HOSTS to the names it is reached by`,
  );
}
