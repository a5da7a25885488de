import { readConfig } from '../config.ts';
import { readArguments, takeNone } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';

const OPTIONS = { data: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `vedette link`. */
export const command: Command = {
  name: 'link',
  summary: 'Print a one-time link to the dashboard',
  usage: `Usage: vedette link

Prints a link that opens the dashboard of the running hub once, with the rights of its operator.

  --data DIR    data directory of the running hub
  --json        answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    takeNone(positionals, 'link');
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const link = await hub.call<{ url: string; expires: string }>({ method: 'POST', path: '/api/v1/links' });
    io.stdout.write(values.json ? `${JSON.stringify(link)}\n` : `${link.url}\n`);
    return 0;
  },
};
