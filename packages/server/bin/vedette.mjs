#!/usr/bin/env node
// Finds a Node.js that can run the sources, and runs the command line with it. Plain JavaScript in the style of
// Node 12, so that an old Node gets to the message below instead of a syntax error.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import { createRequire } from 'module';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const entry = join(here, '..', 'src', 'cli', 'main.ts');

// The embedded ClickHouse answers queries on libuv's pool, whose four threads are soon all waiting.
if (!process.env.UV_THREADPOOL_SIZE) process.env.UV_THREADPOOL_SIZE = '16';

if (majorOf(process.versions.node) >= NEEDED) {
  // The pool has not started yet, so it starts with the size set above, and no second process is needed.
  import(pathToFileURL(entry).href);
} else {
  const node = findNode();
  if (node === null) refuse();
  else run(node);
}

function majorOf(version) {
  return Number(version.split('.')[0]);
}

/** The Node.js that comes with the installation as the npm package `node`. */
function findNode() {
  const require = createRequire(import.meta.url);
  let folder;
  try {
    folder = dirname(require.resolve('node/package.json'));
  } catch {
    return null;
  }
  if (majorOf(require('node/package.json').version) < NEEDED) return null;
  const program = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(program) ? program : null;
}

function refuse() {
  process.stderr.write(
    'vedette: needs Node.js ' +
      NEEDED +
      ' or later; this is ' +
      process.version +
      ', and the one that comes with the\n' +
      'installation (the npm package "node") is not there. It is put in place by an install script, so either\n' +
      '  run "npm ci" again without --ignore-scripts,\n' +
      '  or run "npm rebuild node",\n' +
      '  or start vedette with a Node.js ' +
      NEEDED +
      ' of your own.\n',
  );
  process.exitCode = 1;
}

function run(node) {
  // The fourth stream is never written: when this process is killed, its end tells the hub, which must not go on alone.
  const env = Object.assign({}, process.env, { VEDETTE_LAUNCHER_FD: '3' });
  const child = spawn(node, [entry].concat(process.argv.slice(2)), {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: env,
  });
  ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'].forEach((signal) => process.on(signal, () => child.kill(signal)));
  child.on('error', (error) => {
    process.stderr.write('vedette: cannot run ' + node + ': ' + error.message + '\n');
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // To end as the child did, the handlers that pass signals on must go first.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
