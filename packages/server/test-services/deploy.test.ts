import { execFile, spawn } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SETTING_LIST } from '../src/config.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..', '..');
const CHECK = join(ROOT, '.cache', 'services', 'deploy', 'deploy-check');
const MISSING = (process.env.VEDETTE_MISSING_SERVICES ?? '').split(',').includes('deploy');
const NOBODY = 65534;

interface Stage {
  name: string;
  base: string;
  steps: string[];
  runs: string[];
}

async function check(...argv: string[]): Promise<unknown> {
  // What the machine has set must not reach the file.
  const env = { PATH: process.env.PATH ?? '' };
  return JSON.parse((await run(CHECK, argv, { cwd: ROOT, env, maxBuffer: 1e7 })).stdout);
}

describe.skipIf(MISSING)('what operators install from', () => {
  test('compose.yaml is taken by the loader of "docker compose config", with and without the proxy', async () => {
    type Project = { services: Record<string, Record<string, unknown>> };
    const alone = (await check('compose', 'compose.yaml')) as Project;
    expect(Object.keys(alone.services)).toEqual(['hub']);
    const both = (await check('compose', 'compose.yaml', 'proxy')) as Project;
    expect(Object.keys(both.services).sort()).toEqual(['caddy', 'hub']);
    const { hub } = both.services as { hub: Record<string, unknown> };
    expect(hub).toMatchObject({ read_only: true, init: true, cap_drop: ['ALL'], ports: [{ host_ip: '127.0.0.1' }] });
    const known = new Set(SETTING_LIST.map(({ name }) => name));
    expect(Object.keys(hub.environment as object).filter((name) => !known.has(name))).toEqual([]);
  });

  test('the unit is whole, and leaves the hub little to do harm with', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vedette-unit-'));
    const text = await readFile(join(ROOT, 'deploy', 'vedette.service'), 'utf8');
    const unit = join(dir, 'vedette.service');
    // Where it will be installed there is nothing on this machine.
    const here = text
      .replace('/opt/vedette/node_modules/node/bin/node', process.execPath)
      .replaceAll('/opt/vedette', ROOT);
    await writeFile(unit, here);
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', unit]);
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('vedette'))).toEqual([]);
    // Exit code 1 over a tenth of the threshold: 2.0 of 10.
    await run('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', unit]);
    await rm(dir, { recursive: true });
  });
});

describe.skipIf(MISSING || process.platform !== 'linux' || process.getuid?.() !== 0)('the image', () => {
  let dir: string;
  let stages: Stage[];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vedette-image-'));
    await chmod(dir, 0o755);
    stages = (await check('dockerfile', 'Dockerfile')) as Stage[];
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('has no build tool in its last stage, and another user than root', () => {
    const last = stages.at(-1) as Stage;
    expect(last.steps.filter((step) => /npm|apt|go build/.test(step))).toEqual([]);
    expect(last.steps).toContain('USER vedette');
    expect(last.steps.findLast((step) => step.startsWith('USER'))).toBe('USER vedette');
  });

  // There is no engine for images here: its own steps are done on a copy, without the base image.
  test('made by its own steps, runs as nobody from a tree it cannot write', { timeout: 400_000 }, async () => {
    const production = stages.find(({ name }) => name === 'production') as Stage;
    for (const step of production.steps) {
      const [, from, to] = /^COPY (.+) (\S+)$/.exec(step) ?? [];
      if (from === undefined || to === undefined) continue;
      for (const file of from.split(' '))
        await copy(file, to.endsWith('/') ? join(to, file.split('/').at(-1) as string) : to);
    }
    for (const command of production.runs) await run('sh', ['-c', command], { cwd: dir, maxBuffer: 1e8 });
    for (const tree of ['packages/contract', 'packages/server']) await copy(tree, tree);
    for (const name of ['edge', 'browser', 'dashboard']) await copy(`packages/${name}/dist`, `packages/${name}/dist`);
    const data = join(dir, 'data');
    await mkdir(data, { mode: 0o700 });
    await chown(data, NOBODY, NOBODY);

    const child = spawn(process.execPath, ['packages/server/bin/vedette.mjs', 'serve', '--port', '0'], {
      cwd: dir,
      uid: NOBODY,
      gid: NOBODY,
      env: { PATH: process.env.PATH, VEDETTE_DATA: data, VEDETTE_LOG_FORMAT: 'json', NODE_DISABLE_COMPILE_CACHE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await expect.poll(() => said, { timeout: 120_000 }).toMatch(/"msg":"ready/);
    const url = /"url":"(http:[^"]+)"/.exec(said)?.[1] ?? '';
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'alive' });
    const health = /fetch\(.*\)/.exec(await readFile(join(ROOT, 'Dockerfile'), 'utf8'))?.[0] ?? '';
    const env = { VEDETTE_PORT: new URL(url).port };
    await run(process.execPath, ['-e', health], { env });
    await expect(run(process.execPath, ['-e', health], { env: { VEDETTE_PORT: '1' } })).rejects.toMatchObject({
      code: 1,
    });

    const metrics = join(dir, 'metrics.txt');
    await writeFile(metrics, await (await fetch(`${url}/metrics`)).text());
    expect(await check('metrics', metrics)).toBe(0);

    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  async function copy(from: string, to: string): Promise<void> {
    const target = join(dir, to);
    await mkdir(dirname(target), { recursive: true });
    const left = /\/(node_modules|test|test-services)$/;
    await cp(join(ROOT, from), target, { recursive: true, filter: (path) => !left.test(path.slice(ROOT.length)) });
  }
});
