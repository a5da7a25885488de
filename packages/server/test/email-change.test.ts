import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { passwordWork } from '../src/model/password.ts';
import { headerOf, partOf, type ReceivedMail, type SmtpEmulator, startSmtp } from './emulators/smtp.ts';
import { codeOf } from './support/cookies.ts';
import { changeRows, insertPerson, logInAs, type Person } from './support/people.ts';
import { type Answer, startWorld, type World, type WorldTenant } from './support/world.ts';

const PATH = '/api/v1/account/email-change';
let smtp: SmtpEmulator;
let world: World;
let acme: WorldTenant;
let count = 0;

beforeAll(async () => {
  smtp = await startSmtp({ tls: 'none' });
  world = await startWorld({
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
  smtp.mails.length = 0;
});

interface Somebody extends Person {
  /** An address that nobody has. */
  next: string;
  call: World['call'];
}

async function somebody(): Promise<Somebody> {
  count += 1;
  const person = await insertPerson(world, {
    email: `e${count}@example.org`,
    name: `E${count}`,
    roles: { [acme.id]: 'admin' },
  });
  const cookie = await logInAs(world, person);
  return {
    ...person,
    next: `next${count}@example.org`,
    call: (path, call = {}) => world.call(path, { ...call, headers: { cookie, origin: world.url } }),
  };
}

const ask = ({ call, password }: Somebody, email: string, given: string | undefined = password) =>
  call(PATH, { body: { email, ...(given === '' ? {} : { password: given }) } });
const look = ({ call }: Somebody, token: string) => call(`${PATH}/look`, { body: { token } });
const confirm = ({ call }: Somebody, token: string) => call(`${PATH}/confirm`, { body: { token } });
const logIn = (email: string, password: string) => world.call('/api/v1/log-in', { body: { email, password } });
const refusalOf = (answer: Answer) => [answer.status, codeOf(answer)];
const mailTo = async (email: string, about: RegExp): Promise<ReceivedMail> => {
  const fits = ({ to, raw }: ReceivedMail) => to.includes(email) && about.test(headerOf(raw, 'subject'));
  await expect.poll(() => smtp.mails.some(fits), { timeout: 20_000 }).toBe(true);
  return smtp.mails.find(fits) as ReceivedMail;
};
const tokenIn = ({ raw }: ReceivedMail): string =>
  /\/email-change#(vde_[\w-]+)/.exec(partOf(raw, 'text/plain'))?.[1] ?? '';
const tokenFor = async (person: Somebody): Promise<string> => {
  expect((await ask(person, person.next)).status).toBe(202);
  return tokenIn(await mailTo(person.next, /Confirm/));
};
const settled = async () => {
  const { mails } = world.running.hub.records.unscoped;
  await expect.poll(async () => (await mails.waiting(Date.now() + 1000)).length, { timeout: 20_000 }).toBe(0);
};

describe('another e-mail address', () => {
  test('is in force once the link that was sent there is opened; sessions go on, and the former address is told', async () => {
    const ada = await somebody();
    const elsewhere = await ada.session('full');
    const asked = await ask(ada, ada.next.toUpperCase());
    expect(asked).toMatchObject({ status: 202, json: { email: ada.next, expires: expect.stringMatching(/^\d{4}-/) } });
    const token = tokenIn(await mailTo(ada.next, /Confirm your new e-mail address/));
    const notice = await mailTo(ada.email, /Another e-mail address was asked for/);
    expect(partOf(notice.raw, 'text/plain')).toContain(ada.next);
    expect(partOf(notice.raw, 'text/plain')).not.toContain('vde_');
    expect((await ada.call('/api/v1/account')).json).toMatchObject({
      user: { email: ada.email },
      email_change: { email: ada.next },
    });
    // Nothing has changed yet.
    expect((await logIn(ada.next, ada.password)).status).toBe(401);
    expect((await look(ada, token)).json.email).toBe(ada.next);
    const done = await confirm(ada, token);
    expect(done).toMatchObject({ status: 200, json: { id: ada.id, email: ada.next } });
    expect([(await logIn(ada.email, ada.password)).status, (await logIn(ada.next, ada.password)).status]).toEqual([
      401, 200,
    ]);
    const me = await world.call('/api/v1/me', { headers: { cookie: elsewhere } });
    expect(me.json.user.email).toBe(ada.next);
    expect((await ada.call('/api/v1/account')).json).toMatchObject({ user: { email: ada.next }, email_change: null });
    expect(partOf((await mailTo(ada.email, /was changed/)).raw, 'text/plain')).toContain(ada.next);
    expect(refusalOf(await confirm(ada, token))).toEqual([410, 'email-change-used']);
    const { entries } = (await ada.call('/api/v1/audit?action=account.email')).json;
    const told = entries.map(({ action, target, detail }: Record<string, unknown>) => [action, target, detail]);
    expect(told).toEqual([
      ['account.email', ada.next, { from: ada.email, to: ada.next }],
      ['account.email-ask', ada.next, { fields: ['email', 'password'] }],
    ]);
  });

  test('wants the password, or a log-in of late from who has none', async () => {
    const ben = await somebody();
    expect(refusalOf(await ask(ben, ben.next, ''))).toEqual([403, 'password-needed']);
    expect(refusalOf(await ask(ben, ben.next, 'another sentence'))).toEqual([403, 'wrong-password']);
    await ben.withoutPassword();
    await ben.age({ created_at: '1 minute' });
    expect((await ask(ben, ben.next, '')).status).toBe(202);
    await ben.age({ created_at: '16 minutes' });
    expect(refusalOf(await ask(ben, ben.next, ''))).toEqual([403, 'log-in-again']);
  });

  test.each([
    ['no address', 400, 'invalid'],
    ['two@at@example.org', 400, 'invalid'],
    ['one,two@example.org', 422, 'bad-email'],
    ['name@-example.org', 422, 'bad-email'],
  ])('cannot be %j', async (email, status, code) => {
    expect(refusalOf(await ask(await somebody(), email))).toEqual([status, code]);
  });

  test('is another one', async () => {
    const cat = await somebody();
    expect(refusalOf(await ask(cat, cat.email.toUpperCase()))).toEqual([409, 'same-email']);
  });

  test('that is taken is refused, and nobody but its owner learns of it', async () => {
    const dan = await somebody();
    const eve = await somebody();
    const works: number[] = [];
    const answers: Answer[] = [];
    for (const email of [dan.next, eve.email]) {
      const before = passwordWork.hashes;
      answers.push(await ask(dan, email));
      works.push(passwordWork.hashes - before);
    }
    const seen = answers.map(({ status, json, headers }) => [status, Object.keys(json), [...headers.keys()].sort()]);
    expect(seen[0]).toEqual(seen[1]);
    expect(works[0]).toBe(works[1]);
    expect((await dan.call('/api/v1/account')).json.email_change.email).toBe(eve.email);
    const mail = await mailTo(eve.email, /has an account in Vedette already/);
    expect(mail.raw).not.toContain('vde_');
    expect((await logIn(eve.email, eve.password)).status).toBe(200);
  });

  test('that somebody else took meanwhile is refused to who opens the link', async () => {
    const fay = await somebody();
    const token = await tokenFor(fay);
    await insertPerson(world, { email: fay.next, name: 'Quicker', roles: {} });
    expect(refusalOf(await confirm(fay, token))).toEqual([409, 'account-exists']);
    expect((await fay.call('/api/v1/account')).json.user.email).toBe(fay.email);
  });

  test('of two who take the same one at once, one has it', async () => {
    const [gil, hal] = [await somebody(), await somebody()];
    const first = await tokenFor(gil);
    smtp.mails.length = 0;
    expect((await ask(hal, gil.next)).status).toBe(202);
    const second = tokenIn(await mailTo(gil.next, /Confirm/));
    const answers = await Promise.all([confirm(gil, first), confirm(gil, first), confirm(hal, second)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 409, 410].includes(status))).toBe(true);
  });
});

describe('its link', () => {
  test('is good for nobody else, and for nobody who is not logged in', async () => {
    const ivo = await somebody();
    const token = await tokenFor(ivo);
    const stranger = await somebody();
    expect(refusalOf(await look(stranger, token))).toEqual([403, 'other-account']);
    expect(refusalOf(await confirm(stranger, token))).toEqual([403, 'other-account']);
    expect((await world.call(`${PATH}/confirm`, { body: { token } })).status).toBe(401);
    expect(refusalOf(await confirm(ivo, 'vde_nothing'))).toEqual([404, 'unknown-email-change']);
    expect((await confirm(ivo, token)).status).toBe(200);
  });

  test('ends after a day; asking again, withdrawing and another password void it', async () => {
    const jan = await somebody();
    const old = await tokenFor(jan);
    await changeRows(world, "UPDATE email_changes SET expires_at = now() - interval '1 s' WHERE user_id = $1", [
      jan.id,
    ]);
    for (const answer of [await look(jan, old), await confirm(jan, old)]) {
      expect(refusalOf(answer)).toEqual([410, 'email-change-expired']);
    }
    expect((await jan.call('/api/v1/account')).json.email_change).toBeNull();
    smtp.mails.length = 0;
    const first = await tokenFor(jan);
    smtp.mails.length = 0;
    const second = await tokenFor(jan);
    expect(refusalOf(await confirm(jan, first))).toEqual([410, 'email-change-used']);
    expect((await jan.call(PATH, { method: 'DELETE' })).status).toBe(204);
    expect(refusalOf(await jan.call(PATH, { method: 'DELETE' }))).toEqual([404, 'unknown-email-change']);
    expect(refusalOf(await confirm(jan, second))).toEqual([410, 'email-change-used']);
    jan.next = `again-${jan.next}`;
    const third = await tokenFor(jan);
    const changed = await jan.call('/api/v1/account/password', {
      body: { current: jan.password, password: 'a sentence of my own' },
    });
    expect(changed.status).toBe(204);
    expect(refusalOf(await confirm(jan, third))).toEqual([410, 'email-change-used']);
  });

  test('is kept as a hash; what is on its way is sealed', async () => {
    const kim = await somebody();
    const token = await tokenFor(kim);
    const { rows } = await changeRows(world, 'SELECT * FROM email_changes WHERE user_id = $1', [kim.id]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
    await settled();
    const { rows: mails } = await changeRows(world, 'SELECT * FROM mails', []);
    expect(JSON.stringify(mails)).not.toMatch(/vde_|example\.org/);
  });

  test('voids links for a new password that went to the address before', async () => {
    const lea = await somebody();
    await world.call('/api/v1/password-resets', { body: { email: lea.email } });
    const mail = await mailTo(lea.email, /A new password/);
    const reset = /#(vdr_[\w-]+)/.exec(partOf(mail.raw, 'text/plain'))?.[1] ?? '';
    expect((await confirm(lea, await tokenFor(lea))).status).toBe(200);
    const redeemed = await world.call('/api/v1/password-resets/redeem', {
      body: { token: reset, password: 'a sentence of a thief' },
    });
    expect(codeOf(redeemed)).toBe('reset-used');
  });
});

test('an address and a person get so many such mails', async () => {
  const max = await somebody();
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await ask(max, 'flooded@example.org')).status);
  expect(statuses).toEqual([202, 202, 202, 429]);
  const answer = await ask(max, 'flooded@example.org');
  expect(codeOf(answer)).toBe('too-many-mails');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('is written in the language of the person', async () => {
  const nia = await somebody();
  await nia.call('/api/v1/account', { method: 'PATCH', body: { locale: 'de-AT' } });
  await ask(nia, nia.next);
  await mailTo(nia.next, /Ihre neue E-Mail-Adresse für Vedette bestätigen/);
  await mailTo(nia.email, /Eine andere E-Mail-Adresse wurde verlangt/);
});
