import { readConfig } from '../config.ts';
import { UsageFault } from '../model/fault.ts';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';

const OPTIONS = { data: { type: 'string' }, json: { type: 'boolean' } } as const;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** `vedette log`. */
export const command: Command = {
  name: 'log',
  summary: 'Say or change how much the running hub logs',
  usage: `Usage: vedette log level [LEVEL]

Says how much the running hub logs, or changes that at once: ${LEVELS.join(', ')}. It holds until the hub
is started again; VEDETTE_LOG_LEVEL is what it starts with. With debug, each call is a line: its id (reqId, also in
the answer's header x-request-id), method, route, status and ms.

  --data DIR    data directory of the running hub
  --json        answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const [what, level, ...more] = positionals;
    if (what !== 'level' || more.length > 0) throw new UsageFault('log takes "level", and a level or none');
    if (level !== undefined && !LEVELS.includes(level)) {
      throw new UsageFault(`"${level}" is no level; there are ${LEVELS.join(', ')}`);
    }
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const path = '/api/v1/log-level';
    const answer =
      level === undefined
        ? await hub.call<{ level: string }>({ method: 'GET', path })
        : await hub.call<{ level: string }>({ method: 'PUT', path, json: { level } });
    io.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : `${answer.level}\n`);
    return 0;
  },
};
