import { runCommand } from './dispatch.ts';
import { watchLauncher } from './launcher.ts';

watchLauncher();

// A reader that goes away (`vedette … | head`) ends the command; it is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    if (stream === process.stdout) process.stderr.write(`vedette: standard output takes no more: ${error.message}\n`);
    process.exit(1);
  });
}

process.exitCode = await runCommand(process.argv.slice(2), process);
