import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { makeCertificate } from '../support/certificate.ts';

/** How the server behaves. `slow` takes a quarter of a second for each answer; `hang` never greets. */
export type SmtpMode =
  | 'normal'
  | 'slow'
  | 'hang'
  | 'closing'
  | 'busy'
  | 'greylisting'
  | 'unknown-recipient'
  | 'refused-content'
  | 'full';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Header and body as they came, dot-stuffing undone. */
  raw: string;
  /** Whether it came over TLS, and under which user. */
  secure: boolean;
  user: string | null;
}

export interface SmtpEmulator {
  host: string;
  port: number;
  /** Of the server, vouching for itself. */
  certificate: string;
  mode: SmtpMode;
  mails: ReceivedMail[];
  /** Conversations that were begun, and log-ins that failed. */
  connections: number;
  refusedLogIns: number;
  close(): Promise<void>;
}

export interface SmtpOptions {
  /** implicit: TLS from the first byte. offered: STARTTLS. none: plain text only. */
  tls?: 'implicit' | 'offered' | 'none';
  login?: { user: string; password: string };
  /** What the certificate is made out for; the address of the server unless told. */
  name?: string;
}

/** Starts a mail server (RFC 5321; STARTTLS RFC 3207, AUTH RFC 4954) on a free loopback port. It keeps what it is sent. */
export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpEmulator> {
  const host = '127.0.0.1';
  const { tls = 'offered' } = options;
  const { key, cert } = makeCertificate(options.name ?? host);
  const sockets = new Set<Socket>();
  const begin = (socket: Socket) => {
    emulator.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    talk(emulator, options, socket, { key, cert });
  };
  const server: Server = tls === 'implicit' ? createTlsServer({ key, cert }, begin) : createServer(begin);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const emulator: SmtpEmulator = {
    host,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    certificate: cert,
    mode: 'normal',
    mails: [],
    connections: 0,
    refusedLogIns: 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
  return emulator;
}

/** One conversation. */
function talk(emulator: SmtpEmulator, options: SmtpOptions, first: Socket, pair: { key: string; cert: string }): void {
  let socket = first;
  let waiting = '';
  let mail: { from: string; to: string[] } | null = null;
  let data: string[] | null = null;
  let user: string | null = null;
  let challenge: ((line: string) => void) | null = null;
  const secure = () => socket instanceof TLSSocket;
  const say = (...lines: string[]) => {
    const text = `${lines.join('\r\n')}\r\n`;
    if (emulator.mode === 'slow') setTimeout(() => socket.write(text), 250);
    else socket.write(text);
  };

  const logIn = (name: string, password: string) => {
    const good = options.login !== undefined && name === options.login.user && password === options.login.password;
    if (good) user = name;
    else emulator.refusedLogIns += 1;
    say(good ? '235 2.7.0 Authentication successful' : '535 5.7.8 Error: authentication failed');
  };
  const plain = (text: string) => {
    const [, name = '', password = ''] = Buffer.from(text, 'base64').toString('utf8').split('\0');
    logIn(name, password);
  };

  const commands: Record<string, (rest: string) => void> = {
    EHLO() {
      const offers = ['PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES', 'SIZE 10485760'];
      if (options.tls !== 'none' && !secure()) offers.push('STARTTLS');
      // As servers do: a password is asked for over TLS only, where there is TLS.
      if (options.login !== undefined && (secure() || options.tls === 'none')) offers.push('AUTH PLAIN LOGIN');
      say(
        '250-mail.example.com greets you',
        ...offers.map((offer, i) => `250${i < offers.length - 1 ? '-' : ' '}${offer}`),
      );
    },
    HELO: () => say('250 mail.example.com'),
    STARTTLS() {
      if (secure() || options.tls === 'none') return say('502 5.5.1 Not available');
      say('220 2.0.0 Ready to start TLS');
      socket.removeListener('data', take);
      socket = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(pair) });
      socket.on('error', () => undefined);
      socket.on('data', take);
      [waiting, mail, user] = ['', null, null];
    },
    AUTH(rest) {
      const [method = '', initial] = rest.split(' ');
      if (options.tls !== 'none' && !secure()) return say('538 5.7.11 Encryption required');
      if (method.toUpperCase() === 'LOGIN') {
        const ask = (question: string, next: (answer: string) => void) => {
          challenge = (line) => next(Buffer.from(line, 'base64').toString('utf8'));
          say(`334 ${Buffer.from(question).toString('base64')}`);
        };
        return ask('Username:', (name) => ask('Password:', (password) => logIn(name, password)));
      }
      if (initial !== undefined) return plain(initial);
      challenge = plain;
      say('334 ');
    },
    MAIL(rest) {
      if (options.login !== undefined && user === null) return say('530 5.7.0 Authentication required');
      if (emulator.mode === 'full') return say('452 4.3.1 Insufficient system storage');
      mail = { from: /<([^>]*)>/.exec(rest)?.[1] ?? '', to: [] };
      say('250 2.1.0 Ok');
    },
    RCPT(rest) {
      const to = /<([^>]*)>/.exec(rest)?.[1] ?? '';
      if (mail === null) return say('503 5.5.1 Error: need MAIL command');
      if (emulator.mode === 'greylisting') return say('450 4.2.0 Greylisted, try again later');
      if (emulator.mode === 'unknown-recipient') return say(`550 5.1.1 <${to}>: Recipient address rejected`);
      mail.to.push(to);
      say('250 2.1.5 Ok');
    },
    DATA() {
      if (mail === null || mail.to.length === 0) return say('503 5.5.1 Error: need RCPT command');
      data = [];
      say('354 End data with <CR><LF>.<CR><LF>');
    },
    RSET() {
      mail = null;
      say('250 2.0.0 Ok');
    },
    NOOP: () => say('250 2.0.0 Ok'),
    QUIT() {
      say('221 2.0.0 Bye');
      socket.end();
    },
  };

  const endOfData = (lines: string[]) => {
    data = null;
    if (emulator.mode === 'refused-content') return say('554 5.7.1 Message content rejected');
    const { from, to } = mail as { from: string; to: string[] };
    emulator.mails.push({ from, to, raw: lines.join('\r\n'), secure: secure(), user });
    mail = null;
    say('250 2.0.0 Ok: queued');
  };

  const line = (text: string) => {
    if (data !== null) {
      if (text === '.') endOfData(data);
      else data.push(text.startsWith('.') ? text.slice(1) : text);
    } else if (challenge !== null) {
      const answer = challenge;
      challenge = null;
      answer(text);
    } else {
      const [, verb = '', rest = ''] = /^(\S+) ?(.*)$/.exec(text) ?? [];
      (commands[verb.toUpperCase()] ?? (() => say('502 5.5.2 Error: command not recognized')))(rest);
    }
  };
  const take = (bytes: Buffer) => {
    waiting += bytes.toString('utf8');
    for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
      const text = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      line(text);
    }
  };

  socket.on('data', take);
  if (emulator.mode === 'closing') socket.destroy();
  else if (emulator.mode === 'busy') socket.end('421 4.3.2 Service not available\r\n');
  else if (emulator.mode !== 'hang') say('220 mail.example.com ESMTP');
}

/** A header's value with folding undone and encoded words read (RFC 2047); '' when there is none. */
export function headerOf(raw: string, name: string): string {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const value = new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1] ?? '';
  const joined = value.replace(/\?= =\?/g, '?==?');
  const bytes = (text: string, encoding: string) =>
    encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : quotedBytes(text.replaceAll('_', ' '));
  const words = joined.replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (run) => {
    const parts = [...run.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)];
    return Buffer.concat(parts.map(([, encoding = '', text = '']) => bytes(text, encoding))).toString('utf8');
  });
  return words;
}

/** The part of a mail of this type, transfer encoding undone; '' when there is none. */
export function partOf(raw: string, type: 'text/plain' | 'text/html'): string {
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(raw)?.[1];
  const parts = boundary === undefined ? [raw] : raw.split(`--${boundary}`);
  const part = parts.find((text) =>
    new RegExp(`^content-type: ${type}`, 'im').test(text.slice(0, text.indexOf('\r\n\r\n', 2))),
  );
  if (part === undefined) return '';
  const start = part.indexOf('\r\n\r\n', 2);
  const body = part.slice(start + 4);
  const encoding = headerOf(`${part.slice(0, start).trimStart()}\r\n\r\n`, 'content-transfer-encoding').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? quotedBytes(body.replaceAll('=\r\n', '')).toString('utf8') : body;
}

function quotedBytes(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}
