import { readConfig } from '../config.ts';
import { counted } from '../model/counted.ts';
import type { Rotation } from '../model/rotation.ts';
import { readArguments, takeNone } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';
import { columns } from './table.ts';

const OPTIONS = { data: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `vedette rotate-key`. */
export const command: Command = {
  name: 'rotate-key',
  summary: 'Make a new master key and seal everything anew under it',
  usage: `Usage: vedette rotate-key

Makes a new version of the master key, seals everything that is sealed in PostgreSQL anew under it while the hub goes
on, checks that all of it opens, and destroys the version before. Interrupted, the next call ends it. Other hubs on the
same database take the new version up by themselves.

Where the file of the key cannot be written (VEDETTE_MASTER_KEY_FILE on a read-only disk, or a copy on each machine), put
the new version into it first, as a line "VERSION KEY" below the one there is, wherever a hub reads it; this command then
goes on with that one. docs/operating.md says more.

A backup of the database from before can only be opened with a copy of the key from before.

  --data DIR    data directory of the running hub
  --json        answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    takeNone(positionals, 'rotate-key');
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const done = await hub.call<Rotation>({ method: 'POST', path: '/api/v1/master-key' });
    if (values.json) io.stdout.write(`${JSON.stringify(done)}\n`);
    else {
      const begun = done.resumed ? 'Ended the rotation that had been interrupted' : 'Rotated the master key';
      io.stdout.write(`${begun}: version ${done.version} seals now\n\n`);
      const rows = done.resealed.map(({ place, values: count }) => [place, `${count} sealed anew`]);
      io.stdout.write(
        `${columns(rows)}\n${counted(done.verified, 'value')} opened again, ${oldVersions(done.retired)}\n`,
      );
      if (done.left !== null) io.stdout.write(`Left to do: ${done.left}\n`);
    }
    return done.left === null ? 0 : 1;
  },
};

function oldVersions(retired: readonly number[]): string {
  return retired.length === 0 ? 'no version was destroyed' : `version ${retired.join(', ')} destroyed`;
}
