import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MailDesk } from '../src/model/mail-order.ts';
import { createMailDesk, MAIL_TASK } from '../src/pipelines/mail-desk.ts';
import { createMailSender } from '../src/pipelines/mail-sender.ts';
import { createSealer, type Sealer } from '../src/privacy/sealing.ts';
import { createMailer } from '../src/respond/mail.ts';
import { openRecords, type Records } from '../src/stores/records.ts';
import { openTasks, type Tasks } from '../src/stores/tasks.ts';
import { headerOf, partOf, type SmtpEmulator, startSmtp } from './emulators/smtp.ts';
import { quietLog, startTestPostgres, type TestPostgres } from './support/postgres.ts';

const PATIENCE = { timeout: 30_000 };
let postgres: TestPostgres;
let url: string;
let records: Records;
let tasks: Tasks;
let sealer: Sealer;
let desk: MailDesk;
let smtp: SmtpEmulator;
let logged = '';
let clock = Date.now();

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  url = await postgres.freshDatabase();
  records = await openRecords({ url, log: quietLog() });
  sealer = createSealer(Buffer.alloc(32, 1));
  smtp = await startSmtp({ tls: 'none' });
  [logged, clock] = ['', Date.now()];
  await begin();
});
afterEach(async () => {
  await tasks.close();
  await records.close();
  await smtp.close();
});

async function begin() {
  tasks = await openTasks({ url, log: quietLog() });
  const log = pino(new Writable({ write: (chunk, _, done) => done(void (logged += String(chunk))) }));
  const { host, port } = smtp;
  const server = { host, port, encryption: 'none', login: null } as const;
  const mailer = createMailer({ server, from: { name: '', address: 'hub@example.com' }, connectMs: 2000 });
  const send = createMailSender({ records, sealer, mailer, log, now: () => clock });
  tasks.handle(MAIL_TASK, (task) => send(task as Parameters<typeof send>[0]));
  desk = createMailDesk({ records, sealer, tasks });
  tasks.start();
}

const notice = (to: string) =>
  desk.post({ kind: 'password-changed', to, link: 'https://hub/log-in', locale: null, at: 0 });
const rows = () => postgres.query(url, 'SELECT * FROM vedette.mails ORDER BY id') as Promise<Record<string, unknown>[]>;
const states = async () => (await rows()).map(({ state }) => state);

async function invited(email: string) {
  const made = await records.unscoped.tenants.create({
    slug: `t${Math.random().toString(36).slice(2, 8)}`,
    name: 'Acme',
  });
  if ('refused' in made) throw new Error(made.detail);
  const { invitations } = records.forTenant(made.id);
  const sent = await invitations.create({ email, role: 'viewer', invitedBy: null, validMs: 60_000 });
  if ('refused' in sent) throw new Error(sent.detail);
  const { invitation, token } = sent;
  const post = () =>
    desk.post({
      kind: 'invitation',
      invitationId: invitation.id,
      tenantId: made.id,
      token,
      to: email,
      link: `https://hub.example.com/invitation#${token}`,
      tenant: made.name,
      inviter: 'Ada',
      role: 'viewer',
      locale: 'de',
      expiresAt: invitation.expiresAt,
    });
  return { invitations, invitation, token, post };
}

describe('a mail', () => {
  test('is sent once, and nothing of it stays', async () => {
    await notice('ada@example.org');
    await expect.poll(states, PATIENCE).toEqual(['sent']);
    expect(smtp.mails).toHaveLength(1);
    expect(await rows()).toMatchObject([{ sealed: null, error: null }]);
  });

  test('waits for a server that is away, is told in the log, and outlives the hub', async () => {
    const { port } = smtp;
    smtp.mode = 'busy';
    const { token, post, invitations } = await invited('ada@example.org');
    await post();
    await expect.poll(() => logged, PATIENCE).toContain('it is tried again');
    expect(await states()).toEqual(['waiting']);
    expect((await invitations.list())[0]?.mail).toEqual({ state: 'waiting', error: expect.stringContaining('421') });
    // Neither the address nor the token is to be read anywhere: not in the rows, not in the tasks, not in the log.
    const jobs = await postgres.query(url, 'SELECT * FROM pgboss.job');
    const kept = JSON.stringify([await rows(), jobs]);
    for (const secret of ['ada@example.org', token]) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(Buffer.from(secret).toString('hex'));
      expect(logged).not.toContain(secret);
    }
    await tasks.close();
    expect(port).toBe(smtp.port);
    smtp.mode = 'normal';
    await begin();
    await expect.poll(states, PATIENCE).toEqual(['sent']);
    const [mail] = smtp.mails;
    expect(partOf(mail?.raw ?? '', 'text/plain')).toContain(token);
    expect(headerOf(mail?.raw ?? '', 'subject')).toBe('Einladung zu Acme');
    expect((await invitations.list())[0]?.mail).toEqual({ state: 'sent', error: null });
  });

  test.each(['unknown-recipient', 'refused-content'] as const)(
    'that the server never takes is given up: %s',
    async (mode) => {
      smtp.mode = mode;
      const { invitations, post } = await invited('gone@example.org');
      await post();
      await expect.poll(states, PATIENCE).toEqual(['failed']);
      expect((await invitations.list())[0]?.mail).toEqual({ state: 'failed', error: expect.stringMatching(/55\d/) });
      expect(JSON.stringify(await rows()) + logged).not.toContain('gone@example.org');
      expect(logged).toContain('a mail was given up');
      expect(await tasks.dead()).toEqual([]);
    },
  );

  test('that is past its time is given up', async () => {
    smtp.mode = 'full';
    await notice('late@example.org');
    await expect.poll(() => logged, PATIENCE).toContain('it is tried again');
    clock += 2 * 86_400_000;
    await expect.poll(states, PATIENCE).toEqual(['failed']);
    smtp.mode = 'normal';
    expect(smtp.mails).toEqual([]);
  });

  test('about an invitation that was withdrawn meanwhile is not sent', async () => {
    smtp.mode = 'greylisting';
    const { invitations, invitation, post } = await invited('ada@example.org');
    await post();
    await expect.poll(() => logged, PATIENCE).toContain('it is tried again');
    await invitations.withdraw(invitation.id);
    smtp.mode = 'normal';
    await expect.poll(states, PATIENCE).toEqual(['dropped']);
    expect(smtp.mails).toEqual([]);
  });

  test('is in the language of the account, where the address has one', async () => {
    const ada = { email: 'ada@example.org', name: 'Ada', passwordHash: null, locale: 'en-GB' };
    await records.unscoped.users.create(ada, null);
    await (await invited('ada@example.org')).post();
    await expect.poll(() => smtp.mails.length, PATIENCE).toBe(1);
    expect(headerOf(smtp.mails[0]?.raw ?? '', 'subject')).toBe('You are invited to Acme');
  });
});
