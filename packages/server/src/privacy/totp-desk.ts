import { renderSVG } from 'uqr';
import type { Refusal } from '../model/request.ts';
import { base32, matchTotp, newTotpSecret, otpauthUri } from '../model/totp.ts';
import type { TotpDesk } from '../model/totp-desk.ts';
import { totpPurpose } from '../stores/factors.ts';
import type { Records } from '../stores/records.ts';
import { isOldSeal } from '../stores/sealed.ts';
import type { Sealer } from './sealing.ts';

export interface TotpDeskTools {
  factors: Records['factors'];
  sealer: Sealer;
  /** ms since the epoch. */
  now(): number;
}

/** The desk over the records; secrets are sealed under the master key. */
export function createTotpDesk({ factors, sealer, now }: TotpDeskTools): TotpDesk {
  const { totp } = factors;

  /** The step of a code, of the secret as it is kept; null for a wrong one. */
  function stepOf(userId: string, sealed: Buffer, code: string, lastStep: number | null): number | null {
    const secret = sealer.open(sealed, totpPurpose(userId));
    const step = matchTotp(secret, code, now(), lastStep);
    secret.fill(0);
    return step;
  }

  return {
    async begin({ id, email }, issuer) {
      const secret = newTotpSecret();
      const store = () => totp.begin(id, sealer.seal(secret, totpPurpose(id)));
      const stored = await store().catch(async (error: unknown) => {
        // The master key was replaced a moment ago.
        if (!isOldSeal(error) || sealer.refresh === undefined) throw error;
        await sealer.refresh();
        return store();
      });
      if (!stored) {
        return {
          refused: 'totp-on',
          detail: 'an authenticator app is set up already; take it away before another one',
        };
      }
      const uri = otpauthUri(secret, issuer, email);
      return { secret: base32(secret), uri, qrSvg: renderSVG(uri, { ecc: 'M', border: 4, pixelSize: 4 }) };
    },
    async confirm(userId, code) {
      const found = await totp.find(userId);
      const none: Refusal = {
        refused: 'no-totp',
        detail: 'no authenticator app waits for its first code; begin again',
      };
      if (found === null || found.confirmedAt !== null) return none;
      const step = stepOf(userId, found.sealed, code, null);
      if (step === null) {
        return {
          refused: 'wrong-code',
          detail: 'this is not the code that the app shows now; see that its clock is right, and try the next one',
        };
      }
      return (await totp.confirm(userId, found.sealed, step)) ? null : none;
    },
    async verify(userId, code) {
      const found = await totp.find(userId);
      if (found === null || found.confirmedAt === null) return false;
      const step = stepOf(userId, found.sealed, code, found.lastStep);
      return step !== null && totp.use(userId, step);
    },
  };
}
