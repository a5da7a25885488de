import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { passwordWork } from '../src/model/password.ts';
import { headerOf, partOf, type ReceivedMail, type SmtpEmulator, startSmtp } from './emulators/smtp.ts';
import { entriesOf } from './support/audit.ts';
import { codeOf, cookieOf } from './support/cookies.ts';
import { changeRows, insertPerson, logInAs, type Person } from './support/people.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

const NEW = 'an entirely new sentence';
let smtp: SmtpEmulator;
let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  smtp = await startSmtp({ tls: 'none' });
  world = await startWorld({
    VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8',
    VEDETTE_SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    VEDETTE_MAIL_FROM: 'Vedette <hub@example.com>',
  });
  acme = await world.tenant('acme');
});
afterAll(async () => {
  await world?.stop();
  await smtp?.close();
});
beforeEach(() => {
  smtp.mode = 'normal';
  smtp.mails.length = 0;
});

async function somebody(locale: string | null = null): Promise<Person> {
  count += 1;
  const person = await insertPerson(world, {
    email: `r${count}@example.org`,
    name: `R${count}`,
    roles: { [acme.id]: 'viewer' },
  });
  await world.running.hub.records.accounts.change(person.id, { locale });
  return person;
}
/** Each from a network of its own, unless told. */
const ask = (email: string, from = `203.0.${(count += 1) % 256}.1`): Promise<Answer> =>
  world.call('/api/v1/password-resets', { body: { email }, headers: { 'x-forwarded-for': from } });
const look = (token: string) => world.call('/api/v1/password-resets/look', { body: { token } });
const redeem = (token: string, password = NEW) =>
  world.call('/api/v1/password-resets/redeem', { body: { token, password } });
const logIn = ({ email }: Person, password: string) => world.call('/api/v1/log-in', { body: { email, password } });
const mailTo = async (email: string): Promise<ReceivedMail> => {
  await expect.poll(() => smtp.mails.some(({ to }) => to.includes(email)), { timeout: 20_000 }).toBe(true);
  return smtp.mails.find(({ to }) => to.includes(email)) as ReceivedMail;
};
const tokenIn = ({ raw }: ReceivedMail): string =>
  /\/password-reset#(vdr_[\w-]+)/.exec(partOf(raw, 'text/plain'))?.[1] ?? '';
/** Waits until no mail is on its way. */
const settled = async () => {
  const { mails } = world.running.hub.records.unscoped;
  await expect.poll(async () => (await mails.waiting(Date.now() + 1000)).length, { timeout: 20_000 }).toBe(0);
};

describe('a forgotten password', () => {
  test('is replaced by a mail’s link; all sessions end, and the person is told', async () => {
    const ada = await somebody();
    const cookie = await logInAs(world, ada);
    expect((await ask(` ${ada.email.toUpperCase()}`)).status).toBe(202);
    const mail = await mailTo(ada.email);
    expect(headerOf(mail.raw, 'subject')).toBe('A new password for Vedette');
    expect(partOf(mail.raw, 'text/html')).toContain(tokenIn(mail));
    const token = tokenIn(mail);
    expect((await look(token)).json).toMatchObject({ email: ada.email });
    const weak = await redeem(token, 'short');
    expect([weak.status, codeOf(weak)]).toEqual([422, 'weak-password']);
    smtp.mails.length = 0;
    const done = await redeem(token);
    expect(done.status).toBe(204);
    // It logs nobody in; but the browser is known from now on, so that guesses of others do not keep it out.
    expect([cookieOf(done), cookieOf(done, 'vedette_device')]).toEqual(['', expect.stringMatching(/vdd_/)]);
    expect((await world.call('/api/v1/me', { headers: { cookie } })).status).toBe(401);
    expect([(await logIn(ada, ada.password)).status, (await logIn(ada, NEW)).status]).toEqual([401, 200]);
    expect((await entriesOf(world, 'acme', 'password-reset.redeem'))[0]).toMatchObject({
      actor: { kind: 'user', id: ada.id },
      outcome: 'done',
    });
    const notice = await mailTo(ada.email);
    expect(headerOf(notice.raw, 'subject')).toBe('Your password was changed');
    const again = await redeem(token);
    expect([again.status, codeOf(again)]).toEqual([410, 'reset-used']);
  });

  test('in the language of the person', async () => {
    const ben = await somebody('de-AT');
    await ask(ben.email);
    expect(headerOf((await mailTo(ben.email)).raw, 'subject')).toBe('Ein neues Passwort für Vedette');
  });

  test('one link voids the others, also for two who come at once', async () => {
    const cat = await somebody();
    await ask(cat.email);
    const first = tokenIn(await mailTo(cat.email));
    smtp.mails.length = 0;
    await ask(cat.email);
    const second = tokenIn(await mailTo(cat.email));
    expect(second).not.toBe(first);
    const answers = await Promise.all([redeem(first), redeem(second), redeem(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410, 410]);
  });

  test('a link is void after an hour, and after the password was changed otherwise', async () => {
    const dan = await somebody();
    await ask(dan.email);
    const old = tokenIn(await mailTo(dan.email));
    await changeRows(world, "UPDATE password_resets SET expires_at = now() - interval '1 s' WHERE user_id = $1", [
      dan.id,
    ]);
    for (const answer of [await look(old), await redeem(old)]) expect(codeOf(answer)).toBe('reset-expired');
    smtp.mails.length = 0;
    await ask(dan.email);
    const token = tokenIn(await mailTo(dan.email));
    const cookie = await logInAs(world, dan);
    const changed = await world.call('/api/v1/account/password', {
      body: { current: dan.password, password: 'a sentence of my own' },
      headers: { cookie, origin: world.url },
    });
    expect(changed.status).toBe(204);
    expect(codeOf(await redeem(token))).toBe('reset-used');
    expect(codeOf(await redeem('vdr_nothing'))).toBe('unknown-reset');
  });

  test('of a disabled account stays forgotten', async () => {
    const eve = await somebody();
    await ask(eve.email);
    const token = tokenIn(await mailTo(eve.email));
    await world.running.hub.records.unscoped.users.setDisabled(eve.id, true);
    expect(codeOf(await redeem(token))).toBe('reset-used');
    await settled();
    smtp.mails.length = 0;
    expect((await ask(eve.email)).status).toBe(202);
    await settled();
    expect(smtp.mails).toEqual([]);
  });

  test('is nothing for who has none: they log in by other ways', async () => {
    const { unscoped } = world.running.hub.records;
    const email = `sso${(count += 1)}@example.org`;
    await unscoped.users.create({ email, name: 'Sso', passwordHash: null, locale: null }, null);
    expect((await ask(email)).status).toBe(202);
    await settled();
    expect(smtp.mails).toEqual([]);
  });
});

describe('whether an address is known', () => {
  test('shows in no answer and no work; what is kept on its way is sealed', async () => {
    const fay = await somebody();
    smtp.mode = 'greylisting';
    const before = passwordWork.hashes;
    const answers = [await ask(fay.email), await ask('nobody@example.org'), await ask('no address at all')];
    const seen = answers.map(({ status, text, headers }) => [status, text, [...headers.keys()].sort()]);
    expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(passwordWork.hashes).toBe(before);
    const { rows } = await changeRows(world, 'SELECT * FROM mails', []);
    expect(JSON.stringify(rows)).not.toMatch(/example\.org|vdr_/);
    smtp.mode = 'normal';
    await mailTo(fay.email);
    await settled();
    expect(smtp.mails.map(({ to }) => to)).toEqual([[fay.email]]);
    const { rows: ended } = await changeRows(world, 'SELECT state FROM mails WHERE sealed IS NOT NULL', []);
    expect(ended).toEqual([]);
  });

  test('mails to one address are bounded, whoever asks, in silence', async () => {
    const guy = await somebody();
    for (let i = 0; i < 6; i++) expect((await ask(guy.email)).status).toBe(202);
    await settled();
    expect(smtp.mails).toHaveLength(3);
  });

  test('mails that one network causes are bounded, aloud', async () => {
    const from = '198.51.100.200';
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await ask(`x${i}@example.org`, from)).status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(10);
    const answer = await ask('y@example.org', '198.51.100.7');
    expect([answer.status, codeOf(answer)]).toEqual([429, 'too-many-mails']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('another site’s page cannot ask', async () => {
    const answer = await world.call('/api/v1/password-resets', {
      body: { email: 'a@example.org' },
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
  });
});

test('how one may log in says that there are mails', async () => {
  expect((await world.call('/api/v1/log-in')).json.mail).toBe(true);
});
