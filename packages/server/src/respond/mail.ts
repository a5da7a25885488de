import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { createTransport } from 'nodemailer';
import { Fault } from '../model/fault.ts';
import { isMailAddress, type Mail, type Mailbox, type MailServer } from '../model/mail.ts';

export interface MailerOptions {
  server: MailServer;
  from: Mailbox;
  /** PEM of further authorities whose certificates are taken, for a mail server that no public one vouches for. */
  authorities?: string | undefined;
  /** For connecting and for the greeting, ms; 15 s unless told. */
  connectMs?: number;
  /** A server that says nothing for so long is given up, ms; 60 s unless told. */
  silenceMs?: number;
}

export interface Mailer {
  /**
   * Hands a mail to the server; resolves once the server has taken it. Faults: `mail-refused`, when the server will
   * never take this mail (5yz to the recipient or the content, RFC 5321, 4.2.1), and `mail-failed`, when it may later.
   */
  send(mail: Mail): Promise<void>;
  /** Connects, and logs in where there is a log-in. Fault `mail-failed`. */
  check(): Promise<void>;
}

/** What a mail of a machine says of itself, so that nobody's absence answers it (RFC 3834, 5). */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** A mailer for one server. Each mail has a connection of its own: there are few, and none idles between them. */
export function createMailer(options: MailerOptions): Mailer {
  const { server, from, authorities, connectMs = 15_000, silenceMs = 60_000 } = options;
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.encryption === 'tls',
    requireTLS: server.encryption === 'starttls',
    ignoreTLS: server.encryption === 'none',
    tls: { minVersion: 'TLSv1.2', ...(authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }) },
    ...(server.login === null ? {} : { auth: { user: server.login.user, pass: server.login.password } }),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    dnsTimeout: connectMs,
    socketTimeout: silenceMs,
    // What stands in a mail is text and never a file or a URL to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  return {
    async send({ id, to, subject, text, html }) {
      if (!isMailAddress(to)) throw new Fault('mail-refused', `${JSON.stringify(to)} is no address for a mail`);
      const messageId = `<${id}@${domain}>`;
      const message = { from, to: { name: '', address: to }, subject: oneLine(subject), text, html };
      await transport.sendMail({ ...message, messageId, headers: HEADERS }).catch((error: unknown) => {
        throw mailFault(error, to);
      });
    },
    async check() {
      await transport.verify().catch((error: unknown) => {
        throw mailFault(error);
      });
    },
  };
}

/** Reads the file of further authorities. Fault `mail-authorities`. */
export function readAuthorities(path: string): string {
  try {
    const pem = readFileSync(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
    throw new Error('it has no certificate in PEM');
  } catch (cause) {
    throw new Fault('mail-authorities', `VEDETTE_SMTP_CA_FILE: ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** A header is one line; what a name brings along (line ends, controls) would begin another. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/**
 * What the sender's own settings are wrong about may be mended; what is wrong with the recipient or the mail may not.
 * Servers like to name the recipient, who has no place in a log.
 */
function mailFault(error: unknown, to?: string): Fault {
  const { message, command, responseCode } = error as Error & { command?: string; responseCode?: number };
  const forGood = responseCode !== undefined && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
  const text = oneLine(to === undefined ? message : message.replaceAll(to, 'recipient'));
  return new Fault(forGood ? 'mail-refused' : 'mail-failed', text);
}
