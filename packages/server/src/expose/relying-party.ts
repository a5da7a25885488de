import { isIP } from 'node:net';
import { addressScope } from '../model/address.ts';
import type { Refusal } from '../model/request.ts';

/** Whom passkeys are made for; WebAuthn Level 3, 5.1.2: a name, and pages that browsers trust to come from there. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/** Why there is nobody. */
export const PARTY_REFUSALS = ['passkeys-elsewhere', 'passkeys-need-a-name', 'passkeys-need-https'];

/**
 * Where people open pages of a hub that is at `publicUrl`. One on this machine is shown by its name, for by an address
 * there are no passkeys.
 */
export function pageUrl(publicUrl: string): string {
  const { protocol, hostname, port } = new URL(publicUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const own = isIP(host) !== 0 && addressScope(host) === 'loopback';
  return own ? `${protocol}//localhost${port === '' ? '' : `:${port}`}` : publicUrl;
}

/**
 * Whom passkeys are made for where a page is open. They belong to the hub's public URL; where that is this machine by
 * address, which no passkey can be made for, to the same port of `localhost`. `pageOrigin`: undefined where the caller
 * is no browser. Refusals: `passkeys-elsewhere`, `passkeys-need-a-name`, `passkeys-need-https`.
 */
export function relyingParty(publicUrl: string, pageOrigin: string | undefined): RelyingParty | Refusal {
  const own = new URL(publicUrl);
  const host = own.hostname.replace(/^\[|\]$/g, '');
  const isAddress = isIP(host) !== 0;
  if (isAddress && addressScope(host) !== 'loopback') {
    return {
      refused: 'passkeys-need-a-name',
      detail: `passkeys are made for a name, and people reach this hub at ${own.origin}: set VEDETTE_URL to a https:// URL with a name`,
    };
  }
  const origin = new URL(pageUrl(publicUrl)).origin;
  if (pageOrigin !== undefined && pageOrigin !== origin) {
    return {
      refused: 'passkeys-elsewhere',
      detail: `passkeys of this hub belong to ${origin}, and this page is at ${pageOrigin.slice(0, 200)}: open it there, or set VEDETTE_URL`,
    };
  }
  const id = new URL(origin).hostname;
  if (own.protocol !== 'https:' && id !== 'localhost' && !id.endsWith('.localhost')) {
    return {
      refused: 'passkeys-need-https',
      detail: `browsers have passkeys over https only, and this hub is at ${origin}: put it behind https and set VEDETTE_URL`,
    };
  }
  return { id, origin };
}
