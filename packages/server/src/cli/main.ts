import { runCommand } from './dispatch.ts';
import { watchLauncher } from './launcher.ts';

watchLauncher();

// A reader that goes away (`vedette … | head`) ends the command; it is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}

process.exitCode = await runCommand(process.argv.slice(2), process);
