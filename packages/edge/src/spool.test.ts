import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Batch } from './batch.ts';
import { createEdge } from './index.ts';
import { listen, startReceiver } from './receiver.fixture.ts';
import { openSpool } from './spool.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-edge-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const KEY = 'vdt_key';
const batch = (n: number, count = 1): Batch => ({
  id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  count,
  body: gzipSync(`{"client.address":"192.0.2.${n}"}\n`),
});

async function drain(key = KEY): Promise<{ texts: string[]; lost: number }> {
  const spool = await openSpool(dir, key, 1e9);
  const texts: string[] = [];
  let lost = 0;
  for (;;) {
    const next = await spool.oldest();
    lost += next.lost;
    if (next.batch === null) return { texts, lost };
    texts.push(gunzipSync(next.batch.body).toString().trim());
    await spool.done(next.batch.id);
  }
}

describe('the spool', () => {
  test.each([
    ['as time goes by', null],
    ['within one millisecond', Date.now()],
  ])('gives back in order, also at the next start, %s', async (_when, now) => {
    const clock = now === null ? null : vi.spyOn(Date, 'now').mockReturnValue(now);
    onTestFinished(() => clock?.mockRestore());
    const first = await openSpool(dir, KEY, 1e9);
    for (const n of [1, 2, 3]) expect(await first.put(batch(n))).toBe(0);
    expect(first.count).toBe(3);
    const second = await openSpool(dir, KEY, 1e9);
    await second.put(batch(4));
    expect((await second.oldest()).batch).toEqual(batch(1));
    expect(second.has(batch(4).id)).toBe(true);
    expect((await drain()).texts).toEqual([1, 2, 3, 4].map((n) => `{"client.address":"192.0.2.${n}"}`));
    expect(await readdir(dir)).toEqual([]);
  });

  test('is sealed and its owner’s alone', async () => {
    const spool = await openSpool(join(dir, 'inner'), KEY, 1e9);
    await spool.put(batch(7));
    const [name = ''] = await readdir(join(dir, 'inner'));
    const path = join(dir, 'inner', name);
    const bytes = await readFile(path);
    expect(bytes.includes(batch(7).body.subarray(0, 10))).toBe(false);
    expect(() => gunzipSync(bytes.subarray(32))).toThrow();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'inner'))).mode & 0o777).toBe(0o700);
  });

  test.each<[string, (path: string) => Promise<void>]>([
    ['cut short', (path) => truncate(path, 40)],
    ['empty', (path) => truncate(path, 0)],
    [
      'changed by a bit',
      async (path) => {
        const bytes = await readFile(path);
        bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
        await writeFile(path, bytes);
      },
    ],
  ])('sets a file aside that is %s, and goes on', async (_what, damage) => {
    const spool = await openSpool(dir, KEY, 1e9);
    await spool.put(batch(1, 5));
    await spool.put(batch(2));
    await damage(join(dir, (await readdir(dir)).sort()[0] as string));
    expect(await drain()).toEqual({ texts: ['{"client.address":"192.0.2.2"}'], lost: 5 });
    expect(await readdir(dir)).toEqual([expect.stringMatching(/\.unreadable$/)]);
  });

  test('opens under its own key alone', async () => {
    await (await openSpool(dir, KEY, 1e9)).put(batch(1, 3));
    expect(await drain('vdt_other')).toEqual({ texts: [], lost: 3 });
  });

  test('is bounded: the oldest go', async () => {
    const { length } = batch(1).body;
    const spool = await openSpool(dir, KEY, 3 * (length + 32));
    const lost = [];
    for (const n of [1, 2, 3, 4, 5]) lost.push(await spool.put(batch(n, n)));
    expect(lost).toEqual([0, 0, 0, 1, 2]);
    expect(spool.count).toBe(3 + 4 + 5);
    await expect((await openSpool(dir, KEY, 10)).put(batch(9))).rejects.toThrow('more than the spool may hold');
  });

  test('passes over what is not its own, and takes away what was half written', async () => {
    await writeFile(join(dir, 'README'), 'x');
    const half = '000000000000001-000001-1-00000000-0000-7000-8000-000000000001.batch';
    await writeFile(join(dir, `${half}.1-aa.part`), 'x');
    await utimes(join(dir, `${half}.1-aa.part`), new Date(), new Date(Date.now() - 3_600_000));
    // A process that shares the directory may be just writing this one.
    await writeFile(join(dir, `${half}.2-bb.part`), 'x');
    expect(await drain()).toEqual({ texts: [], lost: 0 });
    expect((await readdir(dir)).sort()).toEqual([`${half}.2-bb.part`, 'README']);
  });

  test('may be opened by others while it is written', async () => {
    const spool = await openSpool(dir, KEY, 1e9);
    const puts = Array.from({ length: 30 }, (_, n) => spool.put(batch(n)));
    for (let i = 0; i < 30; i += 1) await openSpool(dir, KEY, 1e9);
    expect(await Promise.all(puts)).toEqual(puts.map(() => 0));
    expect((await drain()).texts).toHaveLength(30);
  });

  test('puts a batch behind the others, also for the next process', async () => {
    const spool = await openSpool(dir, KEY, 1e9);
    for (const n of [1, 2, 3]) await spool.put(batch(n));
    const { batch: first } = await spool.oldest();
    await spool.postpone(first?.id ?? '');
    expect((await spool.oldest()).batch?.id).not.toBe(first?.id);
    const { texts } = await drain();
    expect(texts.map((text) => /192\.0\.2\.(\d)/.exec(text)?.[1])).toEqual(['2', '3', '1']);
  });

  test('tells of a file that cannot be read just now, and keeps it', async () => {
    const spool = await openSpool(dir, KEY, 1e9);
    await spool.put(batch(1));
    const path = join(dir, (await readdir(dir))[0] as string);
    await rename(path, `${path}.away`);
    await mkdir(path);
    await expect(spool.oldest()).rejects.toMatchObject({ code: 'EISDIR' });
    expect(spool.count).toBe(1);
    await rmdir(path);
    await rename(`${path}.away`, path);
    expect((await spool.oldest()).batch).not.toBeNull();
  });
});

/** Ends with its test, also when that fails: a process that lives on would hold up the whole run. */
function spawned(...args: Parameters<typeof spawn>): ChildProcessByStdio<null, Readable, null> {
  const child = spawn(...args) as ChildProcessByStdio<null, Readable, null>;
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** An app in a process of its own that serves, with a hub that is away. */
const APP = `
  import { createServer } from 'node:http';
  import { createEdge } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
  const [url, spoolDir] = process.argv.slice(1);
  const edge = createEdge({ url, key: 'vdt_key', spoolDir, ringSize: 2, batchSize: 1, flushMs: 1 });
  const server = createServer(edge.node((request, response) => response.end('ok')));
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

async function hit(port: number, path: string): Promise<void> {
  const [answer] = await once(get({ port, host: '127.0.0.1', path, agent: false }), 'response');
  answer.resume();
  await once(answer, 'end');
}

describe('an edge with a spool', () => {
  test('loses nothing of what is in it by kill -9, and brings it in order at the next start', async () => {
    const away = await startReceiver();
    await away.stop();
    const child = spawned(process.execPath, ['--input-type=module', '-e', APP, away.url, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = await once(child.stdout, 'data');
    for (let i = 1; i <= 12; i += 1) {
      await hit(Number(port), `/${i}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const spooled = async () => (await readdir(dir)).filter((name) => name.endsWith('.batch')).length;
    await expect.poll(spooled).toBeGreaterThanOrEqual(8);
    const before = await spooled();
    child.kill('SIGKILL');
    await once(child, 'exit');

    const receiver = await startReceiver();
    const edge = createEdge({ url: receiver.url, key: 'vdt_key', spoolDir: dir, flushMs: 1 });
    await expect.poll(() => edge.figures().delivered).toBeGreaterThanOrEqual(before);
    const paths = receiver.lines().map((line) => Number(String(line['url.path']).slice(1)));
    expect(paths).toEqual([...paths].sort((a, b) => a - b));
    expect(new Set(paths).size).toBe(paths.length);
    // What was in memory is lost with the process, and no more than that.
    expect(12 - paths.length).toBeLessThanOrEqual(4);
    await edge.close();
    expect(await readdir(dir)).toEqual([]);
    await receiver.stop();
  });

  test('keeps at its end what it could not bring', async () => {
    const away = await startReceiver();
    await away.stop();
    const edge = createEdge({ url: away.url, key: KEY, spoolDir: dir, flushMs: 60_000 });
    const server = createServer(edge.node((_, response) => response.end()));
    const port = await listen(server);
    for (const path of ['/a', '/b']) await hit(port, path);
    server.close();
    await expect.poll(() => edge.figures().recorded).toBe(2);
    expect(await edge.close(100)).toMatchObject({ dropped: 0, spooled: 2, waiting: 0 });
    const receiver = await startReceiver();
    const next = createEdge({ url: receiver.url, key: KEY, spoolDir: dir });
    await expect.poll(() => next.figures().delivered).toBe(2);
    expect(receiver.lines().map((line) => line['url.path'])).toEqual(['/a', '/b']);
    await next.close();
    await receiver.stop();
  });

  test.each([
    ['has nothing left to do', 'server.close();', 'spooled'],
    ['has nothing left to do, without a spool', 'server.close();', 'dropped'],
    ['closes Fastify and exits', 'app.close().then(() => process.exit());', 'spooled'],
  ])('a process that %s leaves nothing uncounted', async (what, end, where) => {
    const fastify = what.includes('Fastify');
    const program = `
      import { createServer, get } from 'node:http';
      ${fastify ? "import Fastify from 'fastify';" : ''}
      import { createEdge } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const edge = createEdge({ url: process.argv[1], key: 'vdt_key', ${where === 'spooled' ? 'spoolDir: process.argv[2],' : ''} flushMs: 60_000 });
      process.on('exit', () => console.log(JSON.stringify(edge.figures())));
      ${
        fastify
          ? `const app = Fastify(); await app.register(edge.fastify()); app.get('/', async () => 'ok');
             await app.listen({ port: 0, host: '127.0.0.1' }); const server = app.server;`
          : `const server = createServer(edge.node((request, response) => response.end('ok')));
             await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));`
      }
      for (let i = 0; i < 3; i += 1) {
        await new Promise((resolve) => get({ port: server.address().port, host: '127.0.0.1', agent: false }, (answer) => answer.resume().on('end', resolve)));
      }
      ${end}
    `;
    const child = spawned(process.execPath, ['--input-type=module', '-e', program, 'http://127.0.0.1:1', dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: import.meta.dirname,
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    expect(await once(child, 'exit')).toEqual([0, null]);
    const figures = JSON.parse(Buffer.concat(said).toString());
    expect(figures).toMatchObject({ recorded: 3, waiting: 0, spooled: 0, dropped: 0, [where]: 3 });
    expect(await readdir(dir)).toHaveLength(where === 'spooled' ? 1 : 0);
  });

  test('goes on without one when the directory cannot be used', async () => {
    await writeFile(join(dir, 'file'), '');
    const receiver = await startReceiver();
    const errors: string[] = [];
    const edge = createEdge({
      url: receiver.url,
      key: KEY,
      spoolDir: join(dir, 'file'),
      onError: (error) => errors.push(error.message),
    });
    const server = createServer(edge.node((_, response) => response.end()));
    const port = await listen(server);
    await hit(port, '/');
    server.close();
    await expect.poll(() => edge.figures().recorded).toBe(1);
    expect((await edge.flush()).delivered).toBe(1);
    expect(errors.join()).toContain('EEXIST');
    await edge.close();
    await receiver.stop();
    await chmod(dir, 0o700);
  });
});
