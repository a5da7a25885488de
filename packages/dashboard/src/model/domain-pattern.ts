import type { Domain } from '@vedette/contract';

/** Whether it looks like a host, or `*.` before one; what exactly a domain may be is the hub's to say. */
export function isPattern(typed: string): boolean {
  const host = typed.trim().toLowerCase().replace(/^\*\./, '');
  return /^[^\s/:@?#*]+$/.test(host) && host.split('.').every((label) => label !== '');
}

/** Whether a host, with or without a port, is one of a tenant's domains. A claim that is not proved yet is none. */
export function isOneOf(host: string, domains: readonly Pick<Domain, 'pattern' | 'verified_by'>[]): boolean {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '');
  return domains.some(
    ({ pattern, verified_by: by }) =>
      by !== null && (pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern),
  );
}
