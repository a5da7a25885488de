import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passwordWork } from '../src/model/password.ts';
import { insertPerson, logInAs, type Person } from './support/people.ts';
import { type Answer, startWorld, type World } from './support/world.ts';

let world: World;
let owner: Person;
/** Of the browser in which the owner was logged in before. */
let device: string;
let session: string;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '127.0.0.0/8' });
  const acme = await world.tenant('acme');
  owner = await insertPerson(world, { email: 'owner@example.org', name: 'Olga', roles: { [acme.id]: 'owner' } });
  const first = await logIn(owner.email, owner.password, '198.51.100.1');
  const cookies = first.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] as string);
  device = cookies.find((cookie) => cookie.startsWith('vedette_device=')) as string;
  session = cookies.find((cookie) => cookie.startsWith('vedette_session=')) as string;
});
afterAll(() => world.stop());

function logIn(email: string, password: string, from: string, cookie = ''): Promise<Answer> {
  const headers = { 'x-forwarded-for': from, ...(cookie === '' ? {} : { cookie, origin: world.url }) };
  return world.call('/api/v1/log-in', { body: { email, password }, headers });
}

/** Guesses, so many at once; the answers, and how many of them took a hash to check. */
async function guess(
  count: number,
  one: (n: number) => Promise<Answer>,
): Promise<{ statuses: number[]; hashes: number }> {
  const before = passwordWork.hashes;
  const statuses: number[] = [];
  for (let at = 0; at < count; at += 20) {
    const batch = Array.from({ length: Math.min(20, count - at) }, (_, i) => one(at + i));
    statuses.push(...(await Promise.all(batch)).map(({ status }) => status));
  }
  return { statuses, hashes: passwordWork.hashes - before };
}

const howMany = (statuses: number[], status: number) => statuses.filter((one) => one === status).length;
/** Each in a network of its own, which is the worst case. */
const address = (n: number) => `203.${n % 100}.113.${1 + (n % 250)}`;

describe('1,000 guesses from 100 addresses at the owner’s account', () => {
  test('are stopped after twenty, and the owner comes in all the while', async () => {
    let at = 0;
    const comes: number[] = [];
    const hashesOfOwner = { count: 0 };
    const before = passwordWork.hashes;
    const { statuses } = await guess(1000, async (n) => {
      if (n >= at) {
        at += 100;
        // From the own browser, at home; and from one of the very networks that guess.
        for (const from of ['198.51.100.1', `192.0.${n % 250}.9`]) {
          comes.push((await logIn(owner.email, owner.password, from, device)).status);
          hashesOfOwner.count += 1;
        }
      }
      return logIn(owner.email, `a guess with number ${n}`, address(n));
    });
    expect(howMany(statuses, 401)).toBeLessThanOrEqual(21);
    expect(howMany(statuses, 429)).toBe(1000 - howMany(statuses, 401));
    expect(passwordWork.hashes - before - hashesOfOwner.count).toBe(howMany(statuses, 401));
    expect(comes).toEqual(Array.from({ length: 20 }, () => 200));
  });

  test('end no session that there is, and the one-time link opens the hub besides', async () => {
    // The log-ins from the same browser ended the first session; this one is the last of them.
    const last = await logIn(owner.email, owner.password, '198.51.100.1', device);
    const cookie = last.headers.getSetCookie()[0]?.split(';', 1)[0] as string;
    expect((await world.call('/api/v1/account', { headers: { cookie } })).status).toBe(200);
    expect(session).toMatch(/^vedette_session=vdu_/);
    const path = new URL((await world.running.link()).url).pathname;
    expect((await world.call(path)).status).toBe(303);
  });

  test('with a device that is somebody else’s, or made up, are guesses like any other', async () => {
    const other = await insertPerson(world, { email: 'else@example.org', name: 'Else', roles: {} });
    const theirs = (await logIn(other.email, other.password, '198.51.100.2')).headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0] as string)
      .find((cookie) => cookie.startsWith('vedette_device=')) as string;
    for (const cookie of [theirs, 'vedette_device=vdd_none', `vedette_device=${'x'.repeat(3000)}`]) {
      expect((await logIn(owner.email, 'a guess', '198.51.100.3', cookie)).status).toBe(429);
    }
  });

  test('from the owner’s own browser are bounded too', async () => {
    const { statuses, hashes } = await guess(40, (n) => logIn(owner.email, `own guess ${n}`, address(n), device));
    expect(hashes).toBeLessThanOrEqual(11);
    expect(howMany(statuses, 429)).toBe(40 - hashes);
  });
});

describe('credential stuffing', () => {
  test('of many accounts from one address is stopped after twenty', async () => {
    const { statuses, hashes } = await guess(200, (n) =>
      logIn(`list-${n}@example.org`, 'password of a list', '192.0.2.77'),
    );
    expect(hashes).toBeLessThanOrEqual(21);
    expect(howMany(statuses, 429)).toBe(200 - hashes);
  });

  test('from many addresses of one network counts as one', async () => {
    const { hashes } = await guess(100, (n) =>
      logIn(`net-${n}@example.org`, 'password of a list', `198.18.7.${n + 1}`),
    );
    expect(hashes).toBeLessThanOrEqual(21);
    const six = await guess(100, (n) =>
      logIn(`six-${n}@example.org`, 'password of a list', `2001:db8:7:7::${(n + 1).toString(16)}`),
    );
    expect(six.hashes).toBeLessThanOrEqual(21);
  });

  test('of many accounts from many addresses at once waits in a line that has an end', async () => {
    const before = passwordWork.hashes;
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        logIn(`far-${n}@example.org`, 'password of a list', `100.${n % 250}.${n % 99}.7`),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(howMany(statuses, 401) + howMany(statuses, 503)).toBe(300);
    expect(passwordWork.hashes - before).toBe(howMany(statuses, 401));
    const turnedAway = answers.find(({ status }) => status === 503);
    expect(turnedAway, statuses.join(' ')).toBeDefined();
    expect(turnedAway?.headers.get('retry-after')).toBe('2');
    // And the line is open again.
    expect((await logIn('later@example.org', 'password of a list', '100.251.1.1')).status).toBe(401);
  });
});

describe('whether somebody has an account', () => {
  test('cannot be told from the answer, its headers, its cookies, or the work', async () => {
    const gone = await insertPerson(world, { email: 'gone@example.org', name: 'Gone', roles: {} });
    await gone.disable();
    const there = await insertPerson(world, { email: 'there@example.org', name: 'There', roles: {} });
    const ask = async (email: string, from: string) => {
      const before = passwordWork.hashes;
      const { status, headers, text } = await logIn(email, 'not the password', from);
      // What every answer has of its own.
      const own = ['date', 'x-request-id'];
      const shown = [...headers].filter(([name]) => !own.includes(name)).map(([name, value]) => `${name}: ${value}`);
      return { status, text, shown, hashes: passwordWork.hashes - before };
    };
    const known = await ask(there.email, '192.88.1.1');
    expect(known).toMatchObject({ status: 401, hashes: 1 });
    expect(await ask('unknown@example.org', '192.88.2.1')).toEqual(known);
    expect(await ask(gone.email, '192.88.3.1')).toEqual(known);
    expect(await ask(there.email.toUpperCase(), '192.88.4.1')).toEqual(known);
  });

  test('cannot be told from when guesses are turned away', async () => {
    const there = await insertPerson(world, { email: 'here@example.org', name: 'Here', roles: {} });
    const until = async (email: string, second: number) => {
      const { statuses } = await guess(30, (n) => logIn(email, `guess ${n}`, `192.${second}.${n}.1`));
      return howMany(statuses, 401);
    };
    expect(await until('not-here@example.org', 90)).toBe(await until(there.email, 91));
  });
});

test('a password that is longer than any can be costs no work', async () => {
  const before = passwordWork.hashes;
  const answer = await logIn('owner@example.org', 'x'.repeat(5000), '198.51.100.9', device);
  expect([400, 401, 429]).toContain(answer.status);
  expect(passwordWork.hashes).toBe(before);
  expect(
    (await logInAs(world, await insertPerson(world, { email: 'fine@example.org', name: 'Fine', roles: {} }))).length,
  ).toBeGreaterThan(20);
});
