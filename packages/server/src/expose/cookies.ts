import type { FastifyReply } from 'fastify';

/** What cookies depend on: over https they are Secure and bound to the very host (`__Host-`, RFC 6265bis, 4.1.3.2). */
export interface CookieRules {
  publicUrl: string;
}

/**
 * The session of a browser; what tells a browser in which somebody has logged in before; and what an attempt by passkey, or
 * by single sign-on, is known by.
 */
export type CookieName = 'vedette_session' | 'vedette_device' | 'vedette_challenge' | 'vedette_sso';

/** Somebody who comes back from a provider comes from another site. */
const LAX: ReadonlySet<CookieName> = new Set(['vedette_sso']);

const isSecure = ({ publicUrl }: CookieRules): boolean => publicUrl.startsWith('https:');

/** The name as it goes over the wire. */
export function cookieName(name: CookieName, rules: CookieRules): string {
  return isSecure(rules) ? `__Host-${name}` : name;
}

/** The value of a cookie, '' when it was not sent. */
export function readCookie(header: string | undefined, name: string): string {
  for (const part of header?.split(';') ?? []) {
    const [key, value = ''] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return '';
}

/** Sets a cookie that pages cannot read and other sites cannot send (a lax one only by a link to here). `seconds` 0 takes it away. */
export function setCookie(
  reply: FastifyReply,
  rules: CookieRules,
  cookie: { name: CookieName; value: string; seconds: number },
): void {
  const attributes = [
    'Path=/',
    'HttpOnly',
    `SameSite=${LAX.has(cookie.name) ? 'Lax' : 'Strict'}`,
    `Max-Age=${Math.floor(cookie.seconds)}`,
  ];
  // Browsers take a Secure cookie on plain http from localhost only, and not all of them.
  if (isSecure(rules)) attributes.push('Secure');
  reply.header('set-cookie', `${cookieName(cookie.name, rules)}=${cookie.value}; ${attributes.join('; ')}`);
}
