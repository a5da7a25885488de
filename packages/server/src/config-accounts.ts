import { addressScope } from './model/address.ts';
import { UsageFault } from './model/fault.ts';

/** Settings of single sign-on. What is wrong is thrown as an Error that says what is expected. */

/** An OpenID issuer: https, or http on this machine, as it stands in the provider's own document (no final slash added). */
export function oidcIssuer(value: string): string {
  const expected = 'the https:// URL of an OpenID provider, without a query (http:// only on this machine)';
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') throw new Error(expected);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const own = host === 'localhost' || addressScope(host) === 'loopback';
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && own)) throw new Error(expected);
  return value;
}

/** Issuer and client belong together. */
export function checkOidc(settings: {
  oidcIssuer: string | undefined;
  oidcClientId: string | undefined;
  oidcClientSecret: string | undefined;
}): void {
  const { oidcIssuer: issuer, oidcClientId: client, oidcClientSecret: secret } = settings;
  if (issuer !== undefined && client === undefined) {
    throw new UsageFault(
      'VEDETTE_OIDC_ISSUER is set, so VEDETTE_OIDC_CLIENT_ID must be: the id that the provider gave',
    );
  }
  if (issuer === undefined && (client !== undefined || secret !== undefined)) {
    throw new UsageFault('VEDETTE_OIDC_ISSUER must be set for the other VEDETTE_OIDC_ settings to mean anything');
  }
}

/** Where the range API of Pwned Passwords answers; null for `off`. */
export function breachedPasswordsUrl(value: string): string | null {
  if (value.toLowerCase() === 'off') return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new Error('a URL that begins with https:// or http://, or off');
  }
  return value.replace(/\/+$/, '');
}
