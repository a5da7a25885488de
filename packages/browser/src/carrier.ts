import { attempt } from './guard.ts';
import type { Carrier } from './outbox.ts';

const PATIENCE_MS = 20_000;

/**
 * Sends to a hub by fetch while the page is there, because that tells whether it arrived, and by sendBeacon when the page
 * may go. Each stands in for the other. No cookies go along, and text/plain needs no preflight.
 */
export function createCarrier(hub: string): Carrier {
  return {
    async ask({ path, text }) {
      const answer = await fetch(hub + path, {
        method: 'POST',
        body: text(),
        keepalive: true,
        credentials: 'omit',
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
      return answer.status;
    },
    // Some privacy tools take it away.
    leave: ({ path, text }) => attempt(() => navigator.sendBeacon(hub + path, text())) === true,
    later: (run, ms) => void setTimeout(run, ms),
  };
}
