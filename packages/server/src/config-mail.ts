import { addressScope } from './model/address.ts';
import { isMailAddress, type Mailbox, type MailServer } from './model/mail.ts';

const DEFAULT_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/**
 * The mail server in a URL: `smtps://user:password@mail.example.com` speaks TLS from the start, `smtp://` must begin it
 * (STARTTLS, RFC 3207) unless the server is on this machine. Throws an Error that says what is expected.
 */
export function mailServer(value: string): MailServer {
  const expected = 'smtp://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ where the server wants a log-in';
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') throw new Error(expected);
  if (url.search !== '' || url.hash !== '' || !/^\/?$/.test(url.pathname)) throw new Error(expected);
  if ((url.username === '') !== (url.password === '')) throw new Error(expected);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const encryption = url.protocol === 'smtps:' ? 'tls' : isLoopback(host) ? 'none' : 'starttls';
  return {
    host,
    port: url.port === '' ? DEFAULT_PORTS[encryption] : Number(url.port),
    encryption,
    login: url.username === '' ? null : { user: decoded(url.username), password: decoded(url.password) },
  };
}

function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || addressScope(host) === 'loopback';
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error('a URL whose user and password are percent-encoded (% as %25)');
  }
}

/** `name@example.com` or `Name <name@example.com>`. Throws an Error that says what is expected. */
export function mailbox(value: string): Mailbox {
  const [, name = '', bracketed = ''] = /^([^<>]*)<([^<>]+)>$/.exec(value.trim()) ?? [];
  const address = bracketed === '' ? value.trim() : bracketed.trim();
  const shown = name.trim().replace(/^"(.*)"$/, '$1');
  if (!isMailAddress(address) || /\p{Cc}/u.test(shown)) {
    throw new Error('an address such as vedette@example.com or Vedette <vedette@example.com>');
  }
  return { name: shown, address };
}
