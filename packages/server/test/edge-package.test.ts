import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import edge from '../../edge/package.json' with { type: 'json' };
import { startWorld, type World } from './support/world.ts';

const PATH = `/edge/vedette-edge-${edge.version}.tgz`;
let world: World;
let dir: string;

beforeAll(async () => {
  world = await startWorld();
  dir = await mkdtemp(join(tmpdir(), 'vedette-install-'));
});
afterAll(async () => {
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  expect(await once(child, 'close')).toEqual([0, null]);
  return Buffer.concat(chunks).toString().trim();
}

test('the hub hands out the edge, and npm installs it from there', async () => {
  await writeFile(join(dir, 'package.json'), '{"name":"app","version":"1.0.0"}');
  const options = ['--no-audit', '--no-fund', '--prefer-offline', `--cache=${join(dir, 'cache')}`];
  await run('npm', ['install', ...options, `${world.url}${PATH}`]);
  const kinds = 'console.log(typeof require("@vedette/edge").createEdge, typeof require("@vedette/edge").zeek)';
  expect(await run(process.execPath, ['-e', kinds])).toBe('function function');
  const module = 'import { createEdge } from "@vedette/edge"; console.log(typeof createEdge)';
  expect(await run(process.execPath, ['--input-type=module', '-e', module])).toBe('function');
});

test('it never changes under its name, and there is no other', async () => {
  const answer = await fetch(`${world.url}${PATH}`, { headers: { 'accept-encoding': 'gzip' } });
  expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, null]);
  expect(answer.headers.get('cache-control')).toContain('immutable');
  for (const name of ['vedette-edge-0.0.0.tgz', '..%2Fpackage.json', 'vedette-edge-1.tgz']) {
    expect((await fetch(`${world.url}/edge/${name}`)).status).toBe(404);
  }
});
