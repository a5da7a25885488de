import type { Config } from '../config.ts';
import { createMailer, readAuthorities } from '../respond/mail.ts';
import type { Finding } from './finding.ts';

/** Whether the mail server lets us in, and whether the links in mails lead anywhere. No mail is sent. */
export async function doctorMail({ smtp, mailFrom, smtpCaFile, publicUrl }: Config): Promise<Finding[]> {
  const name = 'mail';
  if (smtp === undefined || mailFrom === undefined) {
    const detail =
      'no server (VEDETTE_SMTP_URL): invitations are links to pass on, "vedette user reset" makes new passwords';
    return [{ name, state: 'good', detail }];
  }
  const findings: Finding[] = [];
  if (publicUrl === undefined) {
    const detail = 'VEDETTE_URL is not set, so the links in mails lead to this machine only';
    findings.push({ name, state: 'warning', detail, advice: 'set it to the address people reach the dashboard by' });
  }
  const { host, port, encryption } = smtp;
  try {
    const authorities = smtpCaFile === undefined ? undefined : readAuthorities(smtpCaFile);
    await createMailer({ server: smtp, from: mailFrom, authorities, connectMs: 5000, silenceMs: 5000 }).check();
    const how = { tls: 'TLS', starttls: 'STARTTLS', none: 'plain text, on this machine' }[encryption];
    findings.push({ name, state: 'good', detail: `${host}:${port} answers (${how})` });
  } catch (error) {
    const advice = 'VEDETTE_SMTP_URL: host, port, user, password; VEDETTE_SMTP_CA_FILE for an authority of one’s own';
    findings.push({ name, state: 'bad', detail: `${host}:${port}: ${(error as Error).message}`, advice });
  }
  return findings;
}
