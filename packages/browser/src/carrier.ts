import { attempt } from './guard.ts';
import type { Carrier, Letter } from './outbox.ts';

const PATIENCE_MS = 20_000;

/**
 * Sends to a hub by fetch while the page is there, because that tells whether it arrived, and by sendBeacon when the page
 * may go. Each stands in for the other. No cookies go along, and text/plain needs no preflight.
 */
export function createCarrier(hub: string): Carrier {
  // Some privacy tools take it away.
  const leave = ({ path, text }: Letter) => attempt(() => navigator.sendBeacon(hub + path, text())) === true;
  return {
    leave,
    async ask(letter) {
      // A page may have put something of its own in the place of fetch.
      const answer = attempt(() =>
        fetch(hub + letter.path, {
          method: 'POST',
          body: letter.text(),
          keepalive: true,
          credentials: 'omit',
          signal: AbortSignal.timeout?.(PATIENCE_MS),
        }),
      );
      if (answer) return (await answer).status;
      return leave(letter) ? 202 : 0;
    },
    later: (run, ms) => void setTimeout(run, ms),
  };
}
