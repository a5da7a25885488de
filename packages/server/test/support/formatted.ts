import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

/** A TypeScript text as the repository's formatter writes it; `path` is where it is to stand. Throws where it is no TypeScript. */
export async function format(source: string, path: string): Promise<string> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const run = spawn(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(run, 'close');
  run.stdin.end(source);
  const formatted = await text(run.stdout);
  const [status] = await closed;
  if (status !== 0) throw new Error(`the formatter refused what is to be ${path}`);
  return formatted;
}
