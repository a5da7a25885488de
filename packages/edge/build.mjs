// Builds dist/: ECMAScript modules, CommonJS, the types of both, and the package that a hub hands out. Plain JavaScript,
// because `npm ci` runs it under whatever Node the machine has. An install without development packages has no compiler:
// there is then no dist/.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

let compiler;
try {
  compiler = createRequire(import.meta.url).resolve('typescript/package.json');
} catch {
  console.log('edge: not built, because typescript is not installed (an install without development packages)');
  process.exit(0);
}
const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
rmSync(join(here, 'dist'), { recursive: true, force: true });
for (const config of ['tsconfig.json', 'tsconfig.cjs.json']) {
  const tsc = join(dirname(compiler), 'bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(here, config)], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
// What tells a module where it is has another name in CommonJS.
const courier = join(here, 'dist/cjs/courier.js');
const text = readFileSync(courier, 'utf8');
writeFileSync(courier, text.replace('import.meta.url', "require('node:url').pathToFileURL(__filename).href"));
// The package as a whole is of ECMAScript modules; this folder is not.
writeFileSync(join(here, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n');

// The package is in no registry: apps install it from their hub. Made elsewhere, so that it is not in itself.
const pack = mkdtempSync(join(here, '.pack-'));
try {
  const { status } = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', pack], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
  for (const file of readdirSync(pack)) renameSync(join(pack, file), join(here, 'dist', file));
} finally {
  rmSync(pack, { recursive: true, force: true });
}
