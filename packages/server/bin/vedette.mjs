#!/usr/bin/env node
// Finds a Node.js that can run the sources, and runs the command line with it. Plain JavaScript in the style of
// Node 12, so that an old Node gets to the message below instead of a syntax error.
import { spawn } from 'child_process';
import { existsSync, lstatSync, mkdirSync } from 'fs';
import nodeModule, { createRequire } from 'module';
import { homedir, tmpdir } from 'os';
import { dirname, isAbsolute, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const NEEDED = 24;
const here = dirname(fileURLToPath(import.meta.url));
const entry = join(here, '..', 'src', 'cli', 'main.ts');

// The embedded ClickHouse answers queries on libuv's pool, whose four threads are soon all waiting.
if (!process.env.UV_THREADPOOL_SIZE) process.env.UV_THREADPOOL_SIZE = '16';

// Compiled sources are kept for the next run: half of what a short command takes is reading its own sources. Child and
// threads find the folder by the variable.
if (!process.env.NODE_COMPILE_CACHE && !process.env.NODE_DISABLE_COMPILE_CACHE) {
  const folder = cacheFolder();
  if (folder !== null) process.env.NODE_COMPILE_CACHE = folder;
}

if (majorOf(process.versions.node) >= NEEDED) {
  if (process.env.NODE_COMPILE_CACHE) nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
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

/** A folder that only this user can write: what lies there is run. null when there is none. */
function cacheFolder() {
  const user = process.getuid ? process.getuid() : null;
  const places = [];
  const xdg = process.env.XDG_CACHE_HOME;
  if (process.platform === 'win32' && process.env.LOCALAPPDATA) places.push(join(process.env.LOCALAPPDATA, 'vedette'));
  else if (xdg && isAbsolute(xdg)) places.push(join(xdg, 'vedette'));
  else if (process.platform === 'darwin') places.push(join(homeOf(), 'Library', 'Caches', 'vedette'));
  else places.push(join(homeOf(), '.cache', 'vedette'));
  if (user !== null) places.push(join(tmpdir(), 'vedette-' + user));
  return places.filter(isAbsolute).find((place) => isOwn(place, user)) || null;
}

/** '' for a user that the system does not know, which has no home. */
function homeOf() {
  try {
    return homedir();
  } catch {
    return '';
  }
}

function isOwn(folder, user) {
  // Step by step: the recursive kind never returns where a file system answers ENOENT to making a folder, as /proc does.
  make(dirname(folder));
  make(folder);
  try {
    const found = lstatSync(folder);
    return found.isDirectory() && (user === null || (found.uid === user && (found.mode & 0o022) === 0));
  } catch {
    return false;
  }
}

function make(folder) {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, or isOwn finds nothing.
  }
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
