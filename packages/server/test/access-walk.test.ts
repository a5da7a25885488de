import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Caller, everybody, isLetIn, type WalkTenants } from './support/walk-callers.ts';
import { APART, type Operation, operationsOf, pathOf } from './support/walk-operations.ts';
import { type FilledTenant, fillTenant, openDump } from './support/walk-tenant.ts';
import { type Answer, startWorld, type World } from './support/world.ts';

// Two tenants that have something of everything, every operation there is, and everybody who could call it: who is let in
// is what the table of permissions says; nobody sees anything of a tenant that is not theirs; and what is refused changes
// nothing. An operation that has no example, or a parameter for which the walk has no value, fails it.

interface Called {
  caller: Caller;
  /** Id of the tenant that is named; '' for none, null for one that does not exist. */
  named: string | null;
  url: string;
  answer: Answer;
}

/** Problems by which somebody is not let in. */
const GATE =
  /urn:vedette:problem:(?:unauthorised|forbidden|no-account|no-tenant|tenant-suspended|second-factor|second-factor-required|foreign-origin)"/;
const AT_ONCE = 16;

let world: World;
let ours: FilledTenant;
let theirs: FilledTenant;
let tenants: WalkTenants;
let apart: string;
let callers: Caller[];
let operations: Operation[];
let dump: Awaited<ReturnType<typeof openDump>>;
let called = 0;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '10000000' });
  const { records } = world.running.hub;
  ours = await fillTenant(world, await world.tenant('acme'), 'a');
  theirs = await fillTenant(world, await world.tenant('other'), 'b');
  const suspended = await world.tenant('quiet');
  const strict = await world.tenant('strict');
  apart = (await world.tenant('zebra')).id;
  tenants = { ours, theirs, suspended };
  callers = await everybody(world, tenants, strict.id);
  await records.forTenant(strict.id).tenant.change({ secondFactorRequired: true });
  await records.unscoped.tenants.setSuspended(suspended.id, true);
  operations = await operationsOf(world);
  dump = await openDump(world);
  // What was announced has been heard.
  // Not `expect.poll`, which is of a test.
  const isHeard = async () => (await world.call('/api/v1/sources', { key: suspended.keys.admin })).status !== 200;
  await vi.waitUntil(isHeard, { timeout: 30_000 });
});
afterAll(async () => {
  await dump?.close();
  await world?.stop();
});

/** The ways to name a tenant: what goes into the call, and which one is meant. */
function namings(operation: Operation): [string, string | null][] {
  if (!operation.takesTenant) return [['', '']];
  return [
    ['', ''],
    [`tenant=${ours.slug}`, ours.id],
    [`tenant=${theirs.slug}`, theirs.id],
    [`tenant=${theirs.id}`, theirs.id],
    ['tenant=nowhere', null],
  ];
}

async function call(
  operation: Operation,
  caller: Caller,
  [query, named]: [string, string | null],
  more = '',
): Promise<Called> {
  const search = [query, more].filter((part) => part !== '').join('&');
  const url = `${pathOf(operation, theirs, { tenant: apart })}${search === '' ? '' : `?${search}`}`;
  const { method, body } = operation;
  const answer = await world.call(url, { method, headers: caller.headers, ...(body === undefined ? {} : { body }) });
  called += 1;
  return { caller, named, url, answer };
}

async function callAll(work: (() => Promise<Called>)[]): Promise<Called[]> {
  const done: Called[] = [];
  for (let at = 0; at < work.length; at += AT_ONCE) {
    done.push(...(await Promise.all(work.slice(at, at + AT_ONCE).map((one) => one()))));
  }
  return done;
}

const nameOf = ({ method }: Operation, { caller, url, answer }: Called) =>
  `${caller.name}: ${method} ${url}: ${answer.status} ${answer.text.slice(0, 300)}`;
const isTurnedAway = ({ status, json, text }: Answer) =>
  // A wrong code is an answer to somebody who was let in.
  (status === 401 && !/:wrong-code"/.test(text)) || (status === 403 && (json?.type === undefined || GATE.test(text)));

/** Texts that must not be in the answer: of each tenant that the caller is not in, or that the call is not about. */
function hiddenFrom({ path, takesTenant }: Operation, { caller, named }: Called): string[] {
  // Which tenants one is in is told whichever is named.
  const isAboutOne = takesTenant && path !== '/api/v1/me';
  return [ours, theirs].flatMap((tenant) => {
    const isTheirs = caller.operator || (caller.state === 'known' && caller.grantees.has(tenant.id));
    const isAnother = isAboutOne && named !== '' && named !== tenant.id;
    return isTheirs && !isAnother ? [] : tenant.secrets;
  });
}

function expectNoLeak(operation: Operation, one: Called): void {
  const { answer, url } = one;
  const seen = `${JSON.stringify([...answer.headers])}${answer.text}`;
  const sent = `${decodeURIComponent(url)}${JSON.stringify(operation.body ?? '')}`;
  for (const text of hiddenFrom(operation, one)) {
    if (!seen.includes(text) || sent.includes(text)) continue;
    expect.fail(`${text} is in the answer to ${nameOf(operation, one)}`);
  }
}

async function walk(operation: Operation): Promise<void> {
  const open = operation.access === 'public';
  // What asks nothing answers everybody alike, but for who they are.
  const few = ['nobody', 'owner of ours', 'read key of ours', 'operator', 'owner of ours, before the second factor'];
  const walkers = open && operation.path !== '/api/v1/me' ? callers.filter(({ name }) => few.includes(name)) : callers;
  const all = walkers.flatMap((caller) => namings(operation).map((naming) => ({ caller, naming })));
  const isIn = ({ caller, naming }: (typeof all)[number]) => isLetIn(caller, operation, naming[1], tenants);
  const before = [await dump.of(ours.id), await dump.of(theirs.id)];

  const refused = await callAll(
    all
      .filter((one) => !isIn(one))
      .map(
        ({ caller, naming }) =>
          () =>
            call(operation, caller, naming),
      ),
  );
  for (const one of refused) {
    expect(isTurnedAway(one.answer), `is let in: ${nameOf(operation, one)}`).toBe(true);
    expectNoLeak(operation, one);
  }
  expect(
    [await dump.of(ours.id), await dump.of(theirs.id)],
    `refused calls of ${operation.method} ${operation.path}`,
  ).toEqual(before);

  // What may change the other tenant is shown to be let in by a parameter that is none, which is refused behind the gate.
  const reads = operation.method === 'GET';
  const allowed = all.filter(isIn).flatMap(({ caller, naming }) => {
    const inTheirs = caller.operator || caller.grantees.has(theirs.id);
    if (`${operation.method} ${operation.path}` in APART && caller.state !== 'unknown') return [];
    if (reads || !inTheirs || open) return [() => call(operation, caller, naming)];
    return operation.checksQuery ? [() => call(operation, caller, naming, 'walked=1')] : [];
  });
  for (const one of await callAll(allowed)) {
    if (!open) expect(isTurnedAway(one.answer), `is turned away: ${nameOf(operation, one)}`).toBe(false);
    expect(one.answer.status, nameOf(operation, one)).toBeLessThan(500);
    expectNoLeak(operation, one);
  }
  expect(await dump.of(theirs.id), `${operation.method} ${operation.path} with ids of another tenant`).toBe(before[1]);
}

describe('the walk', () => {
  test('goes over every operation, and everybody', async () => {
    expect(operations.length).toBeGreaterThan(35);
    // All that is wrong at once, an operation a line.
    const wrong: string[] = [];
    for (const operation of operations) {
      await walk(operation).catch((error: Error) => wrong.push(error.message.split('\n', 1)[0] as string));
    }
    expect(wrong).toEqual([]);
    expect(called).toBeGreaterThan(operations.length * callers.length);
  }, 600_000);

  test('was over tenants that do have what is looked for, before and after', async () => {
    for (const tenant of [ours, theirs]) {
      const seen = await Promise.all(
        [
          '/api/v1/sources',
          '/api/v1/imports',
          '/api/v1/integrations',
          '/api/v1/consent/texts',
          '/api/v1/audit?action=integration.set',
        ].map(async (path) => (await world.call(path, { key: tenant.keys.admin })).text),
      );
      const own = theirs === tenant ? seen : [seen[0] as string, seen[1] as string];
      for (const text of own) expect(text).toMatch(new RegExp(`only-for-${tenant.slug}|G-ONLYFOR`));
    }
    const traffic = '/api/v1/traffic?by=path&from=0&metrics=requests';
    const { rows } = (await world.call(traffic, { key: theirs.keys.read })).json;
    expect(rows).toEqual([{ path: `/${theirs.secrets[0]}`, requests: 2 }]);
  });

  test('would see a leak: what belongs to one tenant is hidden from everybody else', () => {
    const operation = operations.find(({ path }) => path === '/api/v1/sources') as Operation;
    const answer = { status: 200, headers: new Headers(), text: `x ${theirs.secrets[0]}`, json: {} };
    const of = (name: string) => callers.find((caller) => caller.name === name) as Caller;
    const leak = (name: string, named: string) => () =>
      expectNoLeak(operation, { caller: of(name), named, url: '/', answer });
    for (const name of ['nobody', 'owner of ours', 'read key of ours', 'owner of ours, disabled'])
      expect(leak(name, ''), name).toThrow(/is in the answer/);
    expect(leak('operator', ours.id)).toThrow(/is in the answer/);
    expect(leak('analyst of ours and admin of theirs', ours.id)).toThrow(/is in the answer/);
    expect(leak('viewer of theirs', '')).not.toThrow();
    expect(leak('operator', theirs.id)).not.toThrow();
  });
});
