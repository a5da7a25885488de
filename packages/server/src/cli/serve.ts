import { type Config, readConfig, unknownSettings } from '../config.ts';
import { openLog } from '../hub-log.ts';
import { type RunningHub, startHub } from '../main.ts';
import { Fault } from '../model/fault.ts';
import { readArguments, takeNone } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  roles: { type: 'string' },
} as const;
/** Ctrl-C reaches a whole process group, so that launchers pass on what has arrived already. */
const SAME_SIGNAL_MS = 1000;
const LAST_PATIENCE_MS = 10_000;

/** `vedette serve`. */
export const command: Command = {
  name: 'serve',
  summary: 'Run the hub: engines, API and dashboard',
  usage: `Usage: vedette serve [options]

Runs the hub until SIGINT (Ctrl-C) or SIGTERM. Prints a one-time link to the dashboard.

  --data DIR    the one directory that holds everything (VEDETTE_DATA)
  --port PORT   port of the API and dashboard (VEDETTE_PORT, 8460)
  --host HOST   address to listen on (VEDETTE_HOST, 127.0.0.1)
  --roles R,…   what this process does: collect, process, expose, work (VEDETTE_ROLES, all). Several processes
                share external engines; docs/operating.md says how

"vedette doctor" lists all settings, which are environment variables.
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    takeNone(positionals, 'serve');
    const config = readConfig(values);
    // A log reader that goes away does not end the hub.
    process.stdout.removeAllListeners('error').on('error', () => undefined);
    const terminal = io.stdout.isTTY === true;
    const log = openLog(config, terminal);
    for (const name of unknownSettings()) log.warn({ name }, 'there is no such setting; "vedette doctor" lists them');
    const signal = nextSignal();
    void signal.then(async () => {
      const again = await nextSignal(SAME_SIGNAL_MS);
      log.warn({ signal: again }, 'stopping at once');
      process.exit(1);
    });
    const starting = startHub(config, VERSION, log);
    endOnFault(starting, log);
    try {
      if (terminal) io.stdout.write(`Vedette ${VERSION} is starting …\n`);
      // A hub that is told to stop while it starts gets to the end of that: half a start is harder to undo.
      const running = await starting;
      await announce(running, config, io, log);
    } catch (error) {
      if (!terminal && error instanceof Fault) log.fatal({ code: error.code }, error.message);
      throw error;
    }
    const name = await signal;
    log.info({ signal: name }, 'stopping');
    await (await starting).close();
    log.info('stopped');
    // Engines inside the process may leave handles behind that would keep it alive.
    process.exit(0);
  },
};

async function announce(
  running: RunningHub,
  { data, roles }: Config,
  io: Io,
  log: ReturnType<typeof openLog>,
): Promise<void> {
  if (!running.hub.exposes) {
    log.info({ url: running.url, roles, data }, `ready: ${roles.join(', ')}`);
    return;
  }
  const { url, expires } = await running.link();
  if (io.stdout.isTTY !== true) {
    log.info({ url: running.url, link: url, expires, data }, `ready; the dashboard opens once by ${url}`);
    return;
  }
  io.stdout.write(`
Vedette ${VERSION} is ready.

  Dashboard  ${url}
             (the link works once; "npx vedette link" prints another)
  Data       ${data}
  Import     npx vedette import access.log
  Stop       Ctrl-C

`);
}

/**
 * A fault that nothing caught leaves the hub in a state that nobody knows, so it ends; but not without stopping the
 * database, which is a process of its own.
 */
function endOnFault(starting: Promise<RunningHub>, log: ReturnType<typeof openLog>): void {
  const end = async (error: unknown) => {
    log.fatal({ err: error }, 'a fault that nothing caught; stopping');
    setTimeout(() => process.exit(1), LAST_PATIENCE_MS);
    try {
      await (await starting).close();
    } finally {
      process.exit(1);
    }
  };
  process.once('uncaughtException', (error) => void end(error));
}

/** The next signal to stop; one that comes within `ignoreMs` is the last one over again. */
function nextSignal(ignoreMs = 0): Promise<NodeJS.Signals> {
  const from = performance.now() + ignoreMs;
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (performance.now() >= from) resolve(name);
      });
    }
  });
}
