import { totpCode, totpStep } from '../../src/model/totp.ts';
import type { Answer } from './world.ts';

/** An authenticator app that was told a secret. */
export interface App {
  /** The code of the step in which the app was set up, or of so many steps after it: a test does not see the clock go on. */
  code(ahead?: number): string;
}

/** The app that has read the answer of `POST /api/v1/account/totp`. */
export function appOf(answer: Answer): App {
  const secret = bytesOf(answer.json.secret as string);
  const step = totpStep(Date.now());
  return { code: (ahead = 0) => totpCode(secret, step + ahead) };
}

/** Base32, read the slow way. */
function bytesOf(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
