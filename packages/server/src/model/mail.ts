/** A mail server, and how it is spoken to. */
export interface MailServer {
  host: string;
  port: number;
  /** tls: from the first byte. starttls: or not at all. none: in plain text, which only suits this very machine. */
  encryption: 'tls' | 'starttls' | 'none';
  /** null: without logging in. */
  login: { user: string; password: string } | null;
}

/** A name to be shown, '' for none, and the address. */
export interface Mailbox {
  name: string;
  address: string;
}

/** One mail to one person. */
export interface Mail {
  /** Of the mail's own: sent again, it keeps it, so that whoever gets it twice can tell. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** RFC 5321, 4.5.3.1.3: 256 octets with the angle brackets. */
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const HOST =
  /^(?=.{1,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/**
 * Whether a mail can be addressed so: a dot-atom and a host (RFC 5321, 4.1.2; international ones as in RFC 6531).
 * Quoted local parts, comments and addresses of machines are left out: nobody has them, and what they may hold (spaces,
 * line ends, further addresses) is what header injection is made of.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || Buffer.byteLength(text) > LONGEST_ADDRESS) return false;
  const local = text.slice(0, at);
  return Buffer.byteLength(local) <= LONGEST_LOCAL_PART && LOCAL_PART.test(local) && HOST.test(text.slice(at + 1));
}
