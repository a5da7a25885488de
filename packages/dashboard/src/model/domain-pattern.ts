/** Whether it looks like a host, or `*.` before one; what exactly a domain may be is the hub's to say. */
export function isPattern(typed: string): boolean {
  const host = typed.trim().toLowerCase().replace(/^\*\./, '');
  return /^[^\s/:@?#*]+$/.test(host) && host.split('.').every((label) => label !== '');
}
