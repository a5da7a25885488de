// Runs one benchmark by name: `npm run bench -- NAME [args]`. Without a name, lists them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const [name, ...args] = process.argv.slice(2);
const names = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
if (name === undefined || !existsSync(new URL(`${name}.bench.ts`, here))) {
  console.error(`usage: npm run bench -- NAME [args]\nbenchmarks: ${names.join(', ')}`);
  process.exit(2);
}
const file = new URL(`${name}.bench.ts`, here).pathname;
const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--expose-gc', file, ...args], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
