import { Resolver } from 'node:dns/promises';
import { Fault } from '../model/fault.ts';

const TIMEOUT_MS = 3000;
const TRIES = 2;
/** Codes of answers that say: there is no such record. */
const NONE = new Set(['ENOTFOUND', 'ENODATA']);

/** The TXT records of a name, each put together from its parts; none where the name has none. */
export type LookUpText = (name: string) => Promise<string[]>;

/**
 * Asks name servers for TXT records: those named (`192.0.2.53`, `[2001:db8::53]:5353`), else the system's. Faults:
 * `dns-failed` when they do not answer, or answer with a failure.
 */
export function createTextResolver(servers: readonly string[]): LookUpText {
  return async (name) => {
    // A resolver of its own each time: the system's servers may change, and one that is used by many cancels for all.
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    if (servers.length > 0) resolver.setServers([...servers]);
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (NONE.has(code)) return [];
      throw new Fault(
        'dns-failed',
        `the name servers gave no answer about ${name} (${code || (error as Error).message})`,
        {
          cause: error,
        },
      );
    }
  };
}
