import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type Courier, createCourier } from './courier.ts';
import { type Receiver, startReceiver } from './receiver.fixture.ts';

async function setUp(): Promise<{ courier: Courier; receiver: Receiver; without: unknown[] }> {
  const receiver = await startReceiver();
  const without: unknown[] = [];
  const courier = createCourier({
    url: receiver.url,
    key: 'vdt_test',
    timeoutMs: 2000,
    agentName: () => 'courier/test',
    onNoThread: (why) => without.push(why),
  });
  onTestFinished(receiver.stop);
  onTestFinished(courier.close);
  return { courier, receiver, without };
}

test('packs one after another, each a gzip of its own', async () => {
  const { courier, without } = await setUp();
  const run = fc.asyncProperty(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(64 * 1024, 300_000).map((length) => new Uint8Array(length).fill(65)),
      fc.integer().map((seed) => Uint8Array.from({ length: 150_000 }, (_, i) => (i * i * seed) >> 3)),
    ),
    async (bytes) => {
      const given = Buffer.from(bytes);
      const packed = await courier.pack(given);
      given.fill(0);
      expect(gunzipSync(packed).equals(bytes)).toBe(true);
    },
  );
  await fc.assert(run, { numRuns: 50 });
  expect(without).toEqual([]);
});

test('speaks to the hub from a thread of its own', async () => {
  const { courier, receiver, without } = await setUp();
  receiver.hosts.headers.etag = '"1"';
  const answer = await courier.call('GET', '/api/v1/hosts', { accept: 'application/json' });
  expect(answer).toMatchObject({ status: 200, headers: { etag: '"1"' }, text: '{"hosts":{}}' });
  expect(receiver.hosts.asked[0]).toMatchObject({ authorization: 'Bearer vdt_test', 'user-agent': 'courier/test' });
  expect(without).toEqual([]);
});

test.runIf(process.platform === 'linux')('stands behind the app where processors are busy', async () => {
  const { courier } = await setUp();
  await courier.call('GET', '/api/v1/hosts', {});
  const niceness = new Map<string, number>();
  for (const task of await readdir('/proc/self/task')) {
    const stat = await readFile(`/proc/self/task/${task}/stat`, 'utf8');
    const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(stat) ?? [];
    niceness.set(task === String(process.pid) ? 'app' : name, Number(rest.split(' ')[16]));
  }
  expect((niceness.get('vedette-edge') as number) - (niceness.get('app') as number)).toBe(10);
});

test('says what went wrong, with its code', async () => {
  const { courier, receiver } = await setUp();
  await receiver.stop();
  await expect(courier.call('GET', '/api/v1/hosts', {})).rejects.toMatchObject({
    message: expect.stringContaining('ECONNREFUSED'),
    code: 'ECONNREFUSED',
  });
});

test('gives up what is on its way when it is closed, and goes on when it is asked again', async () => {
  const { courier, receiver, without } = await setUp();
  receiver.answers.push(() => undefined);
  const call = courier.call('POST', '/api/v1/requests', { 'idempotency-key': 'a' }, gzipSync('{}\n'));
  const refused = expect(call).rejects.toThrow('given up');
  await expect.poll(() => receiver.deliveries.length).toBe(1);
  courier.close();
  await refused;
  expect(await courier.call('GET', '/api/v1/hosts', {})).toMatchObject({ status: 200 });
  expect(without).toEqual([]);
});

/** A program that sends a request of its own to the hub, and says how that went. */
const PROGRAM = `
  import { createServer, get } from 'node:http';
  import { createEdge } from 'EDGE';
  const errors = [];
  const edge = createEdge({ url: process.argv[1], key: 'vdt_test', onError: ({ message }) => errors.push(message) });
  const server = createServer(edge.node((_, response) => response.end('ok')));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise((resolve) =>
    get({ port: server.address().port, host: '127.0.0.1', agent: false }, (answer) => answer.resume().on('end', resolve)),
  );
  const { delivered } = await edge.flush();
  server.close();
  console.log(JSON.stringify({ delivered, errors }));
`;

const FIRST = `data:text/javascript,${encodeURIComponent(
  "import { isMainThread } from 'node:worker_threads'; if (!isMainThread) console.error('loaded again');",
)}`;

/** A folder that has all of the edge but the thread's file, as a bundle has. */
async function bundle(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-courier-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const name of await readdir(import.meta.dirname)) {
    if (name !== 'courier-thread.ts') await copyFile(join(import.meta.dirname, name), join(dir, name));
  }
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  return dir;
}

test.each([
  { where: 'as usual', flags: [], errors: [] },
  { where: 'with flags that a thread refuses', flags: ['--title=app'], errors: [] },
  // It complains on a thread other than the app's.
  { where: 'with something that the app loads first', flags: [`--import=${FIRST}`], errors: [] },
  { where: 'with something to load first in NODE_OPTIONS', flags: [], options: `--import=${FIRST}`, errors: [] },
  {
    where: 'where no thread may be started',
    flags: ['--permission', '--allow-fs-read=*'],
    errors: [expect.stringContaining("on the app's own thread")],
  },
  {
    where: 'in a bundle without the file of the thread',
    flags: [],
    bundled: true,
    errors: expect.arrayContaining([expect.stringContaining("on the app's own thread")]),
  },
])('$where, a request is brought', async ({ flags, options = '', bundled, errors }) => {
  const receiver = await startReceiver();
  onTestFinished(receiver.stop);
  const program = PROGRAM.replace('EDGE', join(bundled === true ? await bundle() : import.meta.dirname, 'index.ts'));
  const args = [...flags, '--input-type=module', '-e', program, receiver.url];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: options },
  });
  expect(JSON.parse(stdout)).toEqual({ delivered: 1, errors });
  expect(stderr).toBe('');
  expect(receiver.lines()).toMatchObject([{ 'url.path': '/' }]);
});
