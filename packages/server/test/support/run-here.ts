import { PassThrough } from 'node:stream';
import type { Io } from '../../src/cli/command.ts';
import { runCommand } from '../../src/cli/dispatch.ts';

/**
 * Runs `vedette ARGV` in this process, where what is looked at is what a command says: a process of its own takes longer
 * to start than most commands do. `terminal`: what is asked of a terminal, where standard output is to be one.
 */
export async function runHere(
  argv: readonly string[],
  terminal: { columns: number } | null = null,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts: [string, string] = ['', ''];
  stdout.on('data', (chunk) => (texts[0] += String(chunk)));
  stderr.on('data', (chunk) => (texts[1] += String(chunk)));
  const shown: Io['stdout'] =
    terminal === null ? stdout : Object.assign(stdout, { isTTY: true, ...terminal, hasColors: () => true });
  const code = await runCommand(argv, { stdin: new PassThrough(), stdout: shown, stderr });
  await new Promise((resolve) => setImmediate(resolve));
  return { code, stdout: texts[0], stderr: texts[1] };
}
