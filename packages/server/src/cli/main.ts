import { runCommand } from './dispatch.ts';

// A reader that goes away (`vedette … | head`) ends the command; it is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
}

process.exitCode = await runCommand(process.argv.slice(2), process);
