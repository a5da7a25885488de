import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEPT_HEADERS } from '../src/model/kept-headers.ts';
import { listen } from './support/events.ts';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

/** So many at once are less than what may wait for a listener. */
const NUMBER = 35;
/** More than waits in the hub and in the listener's socket. */
const ROUNDS = 5;

let world: World;
let acme: WorldTenant;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '1000000' });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

/** Sends requests each of which is told in more than 20 KB. */
async function send(path: string, number: number): Promise<void> {
  const headers = Object.fromEntries(
    [...KEPT_HEADERS].slice(0, 12).map((name) => [`http.request.header.${name}`, 'x'.repeat(2000)]),
  );
  const body = Array.from({ length: number }, () => ({
    time: Date.now(),
    'server.address': 'www.acme.example',
    'url.path': path,
    'http.response.status_code': 200,
    ...headers,
  }));
  const answer = await world.call('/api/v1/requests', { key: acme.keys.ingest, body });
  expect(answer.json.accepted, answer.text.slice(0, 300)).toBe(number);
}

/**
 * A listener who takes nothing until it is told to. Through the control socket: how much those of a network hold for it is a
 * setting of the machine, and may be tens of megabytes.
 */
async function sleeper(): Promise<{ call: ClientRequest; answer: IncomingMessage }> {
  const call = request({
    socketPath: world.running.socketPath,
    path: `/api/v1/requests/live?tenant=${acme.id}&where=path=/large,/after`,
    headers: { host: 'localhost' },
    agent: false,
  });
  call.end();
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  return { call, answer };
}

test('a listener who takes nothing holds nobody up, and is told how many it missed', async () => {
  const slow = await sleeper();
  const quick = await listen(`${world.url}/api/v1/requests/live?where=path=/large,/after`, {
    authorization: `Bearer ${acme.keys.read}`,
  });
  await quick.next('state');
  let sent = 0;
  let [shown, skipped] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    await send('/large', NUMBER);
    sent += NUMBER;
    // The other has all of it before more is sent.
    while (shown + skipped < sent) {
      const { event, data } = await quick.next(/^(request|skipped)$/);
      if (event === 'request') shown += 1;
      else skipped += data.count;
    }
  }
  expect([shown, skipped]).toEqual([sent, 0]);
  const told = { shown: 0, skipped: 0, last: '' };
  let rest = '';
  slow.answer.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith('event: request')) told.shown += 1;
      told.skipped += Number(/^data: \{"count":(\d+)\}$/m.exec(block)?.[1] ?? 0);
      told.last = /"path":"([^"]*)"/.exec(block)?.[1] ?? told.last;
    }
  });
  await expect.poll(() => told.shown + told.skipped, { timeout: 60_000 }).toBe(sent);
  expect(told.skipped).toBeGreaterThan(0);
  // It is one like any other again.
  await send('/after', 1);
  await expect.poll(() => told.last, { timeout: 60_000 }).toBe('/after');
  expect(told.shown + told.skipped).toBe(sent + 1);
  slow.call.destroy();
  await quick.leave();
}, 300_000);
