/**
 * Reads a person's choice out of the first-party cookie that the browser script writes. The hub reads it by the same
 * rules where senders pass cookies on; both are held to packages/contract/cases/consent-cookie.json.
 */

/** What a person has chosen, as far as a request tells. */
export interface Consent {
  choice: 'granted' | 'refused' | 'unknown';
  /** 32 hexadecimal digits; '' unless granted. */
  visitorId: string;
}

/** Name of the cookie unless told otherwise. */
export const CONSENT_COOKIE = 'vedette_consent';

/** `1.<proof id>.a<0|1>m<0|1>`, and behind a grant the visitor's id. */
const VALUE = /^1\.[0-9a-f]{32}\.a(?:0m[01]|1m[01](?:\.([0-9a-f]{32}))?)$/;
const PLACE_OF_CHOICE = 36;

export const NO_CONSENT: Consent = Object.freeze({ choice: 'unknown', visitorId: '' });
const REFUSED: Consent = Object.freeze({ choice: 'refused', visitorId: '' });
const GRANTED: Consent = Object.freeze({ choice: 'granted', visitorId: '' });

/** Finds the choice in a Cookie header; without I/O, linear in its length. The first cookie of the name counts. */
export function readConsent(cookies: string, name: string = CONSENT_COOKIE): Consent {
  let at = cookies.indexOf(name);
  while (at >= 0 && !(cookies.charCodeAt(at + name.length) === 61 && beginsCookie(cookies, at))) {
    at = cookies.indexOf(name, at + 1);
  }
  if (at < 0) return NO_CONSENT;
  const from = at + name.length + 1;
  const end = cookies.indexOf(';', from);
  const value = cookies.slice(from, end < 0 ? undefined : end).trim();
  const found = VALUE.exec(value);
  if (found === null) return NO_CONSENT;
  if (value.charCodeAt(PLACE_OF_CHOICE) === 48) return REFUSED;
  const visitorId = found[1];
  return visitorId === undefined ? GRANTED : { choice: 'granted', visitorId };
}

function beginsCookie(cookies: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && cookies.charCodeAt(before) === 32) before -= 1;
  return before < 0 || cookies.charCodeAt(before) === 59;
}
