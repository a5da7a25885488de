import type { ConsentChoices } from '@vedette/contract';

/** What a person has chosen, as the cookie holds it. */
export interface Choice {
  /** Stands for the person in the evidence. */
  proof: string;
  choices: ConsentChoices;
  /** Only where analytical is granted. */
  visitor: string | undefined;
}

export const COOKIE = 'vedette_consent';
const SHAPE = /^1\.([0-9a-f]{32})\.a([01])m([01])(?:\.([0-9a-f]{32}))?$/;
const DAY_S = 86_400;

/** The choice in the text of all cookies. null: none was made, which is also what a damaged one is. */
export function readChoice(cookies: string): Choice | null {
  for (const part of cookies.split(/; */)) {
    const [name, value = ''] = part.split('=');
    if (name !== COOKIE) continue;
    const [, proof = '', analytical, marketing, visitor] = SHAPE.exec(value) ?? [];
    // A visitor's id and the grant that allows it come together or not at all.
    if (proof !== '' && (analytical === '1') === (visitor !== undefined))
      return { proof, choices: { analytical: analytical === '1', marketing: marketing === '1' }, visitor };
  }
  return null;
}

/** What to write to keep a choice for some days. `secure`: the page came by https. */
export function writeChoice({ proof, choices, visitor }: Choice, days: number, secure: boolean): string {
  const { analytical, marketing } = choices;
  const flags = `a${analytical ? 1 : 0}m${marketing ? 1 : 0}`;
  const id = analytical ? `.${visitor}` : '';
  return `${COOKIE}=1.${proof}.${flags}${id}; Path=/; Max-Age=${days * DAY_S}; SameSite=Lax${secure ? '; Secure' : ''}`;
}
