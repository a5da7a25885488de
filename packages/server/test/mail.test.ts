import { afterEach, describe, expect, test } from 'vitest';
import { doctorMail } from '../src/cli/doctor-mail.ts';
import { readConfig } from '../src/config.ts';
import type { MailServer } from '../src/model/mail.ts';
import { uuidv7 } from '../src/model/uuid.ts';
import { createMailer, type MailerOptions } from '../src/respond/mail.ts';
import { headerOf, partOf, type SmtpEmulator, type SmtpMode, type SmtpOptions, startSmtp } from './emulators/smtp.ts';

const FROM = { name: 'Vedette, Zürich', address: 'vedette@example.com' };
const MAIL = {
  id: uuidv7(),
  to: 'ada@example.com',
  subject: 'Größe und Maß',
  text: 'Grüße\n.\n..\nEnde\n',
  html: '<p>Grüße</p>',
};
const LOGIN = { user: 'hub@example.com', password: 'pass word:@%' };

let smtp: SmtpEmulator;
afterEach(() => smtp.close());

async function start(options: SmtpOptions, server: Partial<MailServer> = {}, mailer: Partial<MailerOptions> = {}) {
  smtp = await startSmtp(options);
  const encryption = options.tls === 'implicit' ? 'tls' : options.tls === 'none' ? 'none' : 'starttls';
  const { host, port, certificate: authorities } = smtp;
  return createMailer({
    server: { host, port, encryption, login: options.login ?? null, ...server },
    from: FROM,
    authorities,
    connectMs: 2000,
    silenceMs: 2000,
    ...mailer,
  });
}

describe('a mail', () => {
  test.each(['offered', 'implicit', 'none'] as const)('arrives whole, TLS %s', async (tls) => {
    const mailer = await start({ tls, login: LOGIN });
    await mailer.check();
    await mailer.send(MAIL);
    const [mail] = smtp.mails;
    expect(mail).toMatchObject({ from: FROM.address, to: [MAIL.to], secure: tls !== 'none', user: LOGIN.user });
    const raw = mail?.raw ?? '';
    expect(headerOf(raw, 'subject')).toBe(MAIL.subject);
    expect(headerOf(raw, 'from')).toBe('Vedette, Zürich <vedette@example.com>');
    expect(headerOf(raw, 'to')).toBe('ada@example.com');
    expect(headerOf(raw, 'message-id')).toBe(`<${MAIL.id}@example.com>`);
    expect(headerOf(raw, 'auto-submitted')).toBe('auto-generated');
    expect(partOf(raw, 'text/plain').replaceAll('\r\n', '\n')).toContain('Grüße\n.\n..\nEnde\n');
    expect(partOf(raw, 'text/html')).toContain('<p>Grüße</p>');
  });

  test('has no further headers, whatever stands in the subject', async () => {
    const mailer = await start({ tls: 'none' });
    await mailer.send({ ...MAIL, subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nbody\u2028Cc: eve@example.com' });
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual([MAIL.to]);
    expect(headerOf(mail?.raw ?? '', 'subject')).toBe('Hello Bcc: eve@example.com body Cc: eve@example.com');
    expect(mail?.raw).not.toMatch(/^b?cc:/im);
  });

  test.each([
    'ada@example.com\r\nRCPT TO:<eve@example.com>',
    'ada@example.com, eve@example.com',
    'Eve <eve@example.com>',
  ])('to %j is not sent at all', async (to) => {
    const mailer = await start({ tls: 'none' });
    await expect(mailer.send({ ...MAIL, to })).rejects.toMatchObject({ code: 'mail-refused' });
    expect(smtp.connections).toBe(0);
  });
});

describe('a server that does not take it', () => {
  const CASES: [SmtpMode, string][] = [
    ['busy', 'mail-failed'],
    ['closing', 'mail-failed'],
    ['hang', 'mail-failed'],
    ['full', 'mail-failed'],
    ['greylisting', 'mail-failed'],
    ['unknown-recipient', 'mail-refused'],
    ['refused-content', 'mail-refused'],
  ];
  test.each(CASES)('because it is %s: %s', async (mode, code) => {
    const mailer = await start({ tls: 'offered' }, {}, { connectMs: 2000 });
    smtp.mode = mode;
    const failure = await mailer.send(MAIL).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code });
    expect(String((failure as Error).stack)).not.toContain(MAIL.to);
    expect(smtp.mails).toEqual([]);
    smtp.mode = 'normal';
    await mailer.send(MAIL);
    expect(smtp.mails).toHaveLength(1);
  });

  test('slowly, is waited for', async () => {
    const mailer = await start({ tls: 'none' });
    smtp.mode = 'slow';
    await mailer.send(MAIL);
    expect(smtp.mails).toHaveLength(1);
  });

  test('because it is not there, may take it later', async () => {
    const mailer = await start({ tls: 'none' });
    await smtp.close();
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: 'mail-failed' });
    smtp = await startSmtp();
  });
});

describe('nothing is told to a server', () => {
  const nothing = () => expect(smtp).toMatchObject({ mails: [], refusedLogIns: 0 });

  test('that offers no STARTTLS', async () => {
    const mailer = await start({ tls: 'none', login: LOGIN }, { encryption: 'starttls' });
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: 'mail-failed', message: /STARTTLS/ });
    nothing();
  });

  test.each(['offered', 'implicit'] as const)('whose certificate nobody vouches for (TLS %s)', async (tls) => {
    const mailer = await start({ tls, login: LOGIN }, {}, { authorities: undefined });
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: 'mail-failed', message: /certificate/ });
    nothing();
  });

  test('whose certificate is another’s', async () => {
    const mailer = await start({ tls: 'offered', name: 'other.example.com' });
    await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: 'mail-failed', message: /altnames/ });
    nothing();
  });

  test('that wants another password; the log has none', async () => {
    const mailer = await start({ login: LOGIN }, { login: { user: LOGIN.user, password: 'wrong-secret' } });
    const failure = await mailer.check().catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'mail-failed', message: /535/ });
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain('wrong-secret');
    expect(smtp).toMatchObject({ mails: [], refusedLogIns: 1 });
  });
});

describe('the doctor', () => {
  const examine = (env: Record<string, string> = {}) => doctorMail(readConfig({}, env));
  const settings = () => ({ VEDETTE_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, VEDETTE_MAIL_FROM: FROM.address });

  test('connects, and sends nothing', async () => {
    smtp = await startSmtp({ tls: 'none' });
    expect(await examine({ ...settings(), VEDETTE_URL: 'https://hub.example.com' })).toMatchObject([{ state: 'good' }]);
    expect(smtp).toMatchObject({ connections: 1, mails: [] });
  });

  test('says what is wrong: links to this machine only, a server that is not there, a file that is none', async () => {
    smtp = await startSmtp({ tls: 'none' });
    smtp.mode = 'busy';
    expect(await examine(settings())).toMatchObject([
      { state: 'warning', detail: /VEDETTE_URL/ },
      { state: 'bad', detail: /421/ },
    ]);
    const env = { ...settings(), VEDETTE_URL: 'https://hub.example.com', VEDETTE_SMTP_CA_FILE: '/nowhere.pem' };
    expect(await examine(env)).toMatchObject([{ state: 'bad', detail: /VEDETTE_SMTP_CA_FILE: \/nowhere.pem/ }]);
  });

  test('minds no server that was never set', async () => {
    smtp = await startSmtp();
    expect(await examine()).toMatchObject([{ state: 'good', detail: /no server/ }]);
  });
});
