import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runVedette, VEDETTE } from './support/serve.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
let dir: string;
let following: ChildProcess | null = null;

beforeAll(async () => {
  world = await startWorld();
  dir = await mkdtemp(join(tmpdir(), 'vedette-follow-'));
});
afterAll(async () => {
  following?.kill('SIGKILL');
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

let second = 0;
function lines(path: string, count: number): string {
  return Array.from({ length: count }, () => {
    second += 1;
    const time = new Date(Date.UTC(2026, 0, 31) + second * 1000).toUTCString().split(' ')[4];
    return `192.0.2.1 - - [31/Jan/2026:${time} +0000] "GET ${path} HTTP/1.1" 200 5 "-" "curl/8"\n`;
  }).join('');
}

async function stored(path: string): Promise<number> {
  const { json } = await world.control(`/api/v1/traffic?metrics=requests&from=0&where=path=${path}`);
  return json.rows[0].requests;
}

function follow(file: string): ChildProcess {
  following = spawn(process.execPath, [VEDETTE, 'import', '--follow', file, '--data', join(world.dir, 'data')], {
    stdio: 'ignore',
  });
  return following;
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  return ended;
}

// Short files are sent again whole as they grow, long ones stay open: both kinds.
test.each([
  ['/short', 3],
  ['/long', 8000],
])(
  '%s: every line once, through growth, rotation, truncation and a new start',
  async (path, many) => {
    const file = join(dir, `${path.slice(1)}.log`);
    const wait = { timeout: 30_000, interval: 200 };
    await writeFile(file, lines(path, many));
    const first = follow(file);
    await expect.poll(() => stored(path), wait).toBe(many);
    await appendFile(file, lines(path, 1));
    await expect.poll(() => stored(path), wait).toBe(many + 1);
    // Half a line is no line yet.
    const whole = lines(path, 1);
    await appendFile(file, whole.slice(0, 30));
    await appendFile(file, whole.slice(30));
    await expect.poll(() => stored(path), wait).toBe(many + 2);
    await rename(file, `${file}.1`);
    await appendFile(`${file}.1`, lines(path, 1));
    await writeFile(file, lines(path, 2));
    await expect.poll(() => stored(path), wait).toBe(many + 5);
    await truncate(file);
    await appendFile(file, lines(path, 1));
    await expect.poll(() => stored(path), wait).toBe(many + 6);
    expect(await stop(first)).toBe(0);
    await appendFile(file, lines(path, 1));
    const again = follow(file);
    await expect.poll(() => stored(path), wait).toBe(many + 7);
    expect(await stop(again)).toBe(0);
    const plain = await runVedette(['import', file, '--json', '--data', join(world.dir, 'data')]);
    expect(JSON.parse(plain.stdout).lines).toEqual({ read: 0, accepted: 0, rejected: 0, known: 2 });
  },
  120_000,
);
