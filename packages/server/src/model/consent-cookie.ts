import type { ConsentChoice } from './request.ts';

/** What a person has chosen, as far as a request tells. */
export interface Consent {
  choice: ConsentChoice;
  /** 32 hexadecimal digits; '' unless granted. */
  visitorId: string;
}

/** Name of the first-party cookie that the browser script writes. */
export const CONSENT_COOKIE = 'vedette_consent';

/** `1.<proof id>.a<0|1>m<0|1>`, and behind a grant the visitor's id: they come together or not at all. */
const VALUE = /^1\.[0-9a-f]{32}\.a(?:0m[01]|1m[01]\.([0-9a-f]{32}))$/;

export const NO_CONSENT: Consent = Object.freeze({ choice: 'unknown', visitorId: '' });
const REFUSED: Consent = Object.freeze({ choice: 'refused', visitorId: '' });

/**
 * Finds the choice in a Cookie header; linear in its length. The first of the name that fits counts. Edges read it by the
 * same rules; both are held to packages/contract/cases/consent-cookie.json.
 */
export function readConsent(cookies: string, name: string = CONSENT_COOKIE): Consent {
  for (let at = cookies.indexOf(name); at >= 0; at = cookies.indexOf(name, at + 1)) {
    if (cookies.charCodeAt(at + name.length) !== 61 || !beginsCookie(cookies, at)) continue;
    const from = at + name.length + 1;
    const end = cookies.indexOf(';', from);
    const found = VALUE.exec(cookies.slice(from, end < 0 ? undefined : end).trim());
    if (found !== null) return found[1] === undefined ? REFUSED : { choice: 'granted', visitorId: found[1] };
  }
  return NO_CONSENT;
}

function beginsCookie(cookies: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && cookies.charCodeAt(before) === 32) before -= 1;
  return before < 0 || cookies.charCodeAt(before) === 59;
}
