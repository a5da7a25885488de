import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from './built.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const modules = join(root, '../../node_modules');
let dir: string;

/** A project that has the package as npm would have put it there, and nothing of this workspace's sources. */
beforeAll(async () => {
  ensureBuilt();
  dir = await mkdtemp(join(tmpdir(), 'vedette-package-'));
  const packed = join(dir, 'node_modules/@vedette/edge');
  await mkdir(packed, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir], { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  execFileSync('tar', ['xf', join(dir, filename), '-C', packed, '--strip-components=1']);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('holds what is built and nothing else', async () => {
  const files = await readdir(join(dir, 'node_modules/@vedette/edge'), { recursive: true });
  expect(files.filter((file) => /\.test\.|\.fixture\.|^src/.test(file))).toEqual([]);
  for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
    const text = await readFile(join(dir, 'node_modules/@vedette/edge', file), 'utf8');
    const imports = [...text.matchAll(/(?:\bfrom |\brequire\(|\bimport\(|\bimport )['"]([^'"]+)['"]/g)].map(
      (match) => match[1],
    );
    expect(
      imports.filter((name) => !name?.startsWith('./') && !name?.startsWith('node:')),
      file,
    ).toEqual([]);
  }
});

test('can be imported and required', async () => {
  const code = `const edge = createEdge({ url: 'http://127.0.0.1:1', key: 'k' }); console.log(Object.keys(edge).sort().join());
    edge.close(10).then(() => process.exit());`;
  await writeFile(join(dir, 'a.mjs'), `import { createEdge } from '@vedette/edge'; ${code}`);
  await writeFile(join(dir, 'b.cjs'), `const { createEdge } = require('@vedette/edge'); ${code}`);
  for (const file of ['a.mjs', 'b.cjs']) {
    const { stdout } = await run(process.execPath, [file], { cwd: dir });
    expect(stdout.trim(), file).toBe('attach,close,express,fastify,figures,flush,hono,koa,node,tenantOf');
  }
});

test('is typed for every framework, as both kinds of module', async () => {
  for (const name of ['fastify', 'hono', '@hono', '@types', 'koa', 'undici-types', 'abstract-logging']) {
    await symlink(join(modules, name), join(dir, 'node_modules', name)).catch(() => undefined);
  }
  await writeFile(
    join(dir, 'c.mts'),
    `import { createServer } from 'node:http';
     import { createSecureServer } from 'node:http2';
     import express from 'express';
     import Fastify from 'fastify';
     import { Hono } from 'hono';
     import Koa from 'koa';
     import { createEdge, type EdgeFigures, type EdgeOptions, zeek } from '@vedette/edge';
     const options: EdgeOptions = { url: 'https://hub.example', key: 'k', trustedProxies: 1, outputs: [zeek({ dir: 'x' })] };
     const edge = createEdge(options);
     express().use(edge.express());
     await Fastify().register(edge.fastify());
     new Koa().use(edge.koa());
     new Hono().use(edge.hono());
     edge.attach(createServer(edge.node((request, response) => void response.end(request.url)))).listen(0);
     edge.attach(createSecureServer({})).listen(0);
     const figures: EdgeFigures = await edge.close();
     const at: Date | undefined = figures.lastError?.at;
     // @ts-expect-error there is no such option
     createEdge({ url: 'x', key: 'k', ring: 1 });
     console.log(at);`,
  );
  await writeFile(
    join(dir, 'd.cts'),
    `import edge = require('@vedette/edge'); edge.createEdge({ url: 'x', key: 'k' }).figures().waiting.toFixed();`,
  );
  await writeFile(
    join(dir, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'NodeNext',
        target: 'ES2022',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
        esModuleInterop: true,
      },
      files: ['c.mts', 'd.cts'],
    }),
  );
  const tsc = join(modules, 'typescript/bin/tsc');
  const outcome = await run(process.execPath, [tsc, '-p', dir], { cwd: dir }).catch(
    (error: { stdout: string }) => error,
  );
  expect(outcome.stdout).toBe('');
});
