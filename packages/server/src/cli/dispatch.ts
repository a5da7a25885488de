import { Fault, UsageFault } from '../model/fault.ts';
import type { Command, Io } from './command.ts';
import { nearest } from './nearest.ts';
import { VERSION } from './version.ts';

interface Entry {
  name: string;
  summary: string;
  /** Loaded only when it is run, so that the help is there at once. */
  load(): Promise<{ command: Command }>;
}

/** Every command there is. */
export const COMMANDS: readonly Entry[] = [
  { name: 'serve', summary: 'Run the hub: engines, API and dashboard', load: () => import('./serve.ts') },
  {
    name: 'report',
    summary: 'Report on access logs: people and machines apart, no server needed',
    load: () => import('./report.ts'),
  },
  { name: 'import', summary: 'Send access logs into the running hub', load: () => import('./import.ts') },
  { name: 'enrich', summary: 'Add place, network and agent to records, as a pipe', load: () => import('./enrich.ts') },
  {
    name: 'tenant',
    summary: 'Make, list, suspend and delete tenants, and set their quotas',
    load: () => import('./tenant.ts'),
  },
  { name: 'domain', summary: 'Say which hosts belong to which tenant', load: () => import('./domain.ts') },
  {
    name: 'user',
    summary: 'List, make and disable accounts, reset passwords, end sessions',
    load: () => import('./user.ts'),
  },
  { name: 'key', summary: 'Make, list, rotate and revoke API keys', load: () => import('./key.ts') },
  { name: 'link', summary: 'Print a one-time link to the dashboard', load: () => import('./link.ts') },
  {
    name: 'rotate-key',
    summary: 'Make a new master key and seal everything anew under it',
    load: () => import('./rotate-key.ts'),
  },
  { name: 'log', summary: 'Say or change how much the running hub logs', load: () => import('./log.ts') },
  {
    name: 'backup',
    summary: 'Take a backup of everything into one archive, or check one',
    load: () => import('./backup.ts'),
  },
  { name: 'restore', summary: 'Put a backup into an empty data directory', load: () => import('./restore.ts') },
  { name: 'snippet', summary: 'Print the script tag of a site', load: () => import('./snippet.ts') },
  { name: 'geo', summary: 'Update place and network data, or say what is in use', load: () => import('./geo.ts') },
  {
    name: 'doctor',
    summary: 'List all settings; check engines, disk and permissions',
    load: () => import('./doctor.ts'),
  },
];

/**
 * Runs one command. Resolves to the exit code: 0 good, 1 the work failed, 2 wrong usage.
 */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  const [name = 'help', ...rest] = argv;
  try {
    if (name === 'version' || name === '--version' || name === '-V') {
      io.stdout.write(`vedette ${VERSION}\n`);
      return 0;
    }
    if (name === 'help' || name === '--help' || name === '-h') return await help(rest[0], io);
    const entry = COMMANDS.find((command) => command.name === name);
    if (entry === undefined) throw unknownCommand(name);
    const { command } = await entry.load();
    // What follows -- is no option of ours.
    const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (options.includes('--help') || options.includes('-h')) {
      io.stdout.write(command.usage);
      return 0;
    }
    return await command.run(rest, io);
  } catch (error) {
    return explain(name, error, io);
  }
}

async function help(name: string | undefined, io: Io): Promise<number> {
  const entry = COMMANDS.find((command) => command.name === name);
  if (name !== undefined && entry === undefined) throw unknownCommand(name);
  io.stdout.write(entry === undefined ? overview() : (await entry.load()).command.usage);
  return 0;
}

function overview(): string {
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n');
  return `Usage: vedette COMMAND [options]

${list}
  version    Print the version
  help       Print this, or the help of a command

"vedette COMMAND --help" says more. Exit code: 0 good, 1 the work failed, 2 wrong usage.
`;
}

function unknownCommand(name: string): UsageFault {
  const meant = nearest(name, [...COMMANDS.map((command) => command.name), 'help', 'version']);
  const hint = meant === undefined ? '"vedette help" lists the commands' : `did you mean "vedette ${meant}"?`;
  return new UsageFault(`there is no command "${name}"; ${hint}`);
}

function explain(name: string, error: unknown, io: Io): number {
  const label = COMMANDS.some((command) => command.name === name) ? `vedette ${name}` : 'vedette';
  if (error instanceof UsageFault) {
    io.stderr.write(`${label}: ${error.message}\n`);
    return 2;
  }
  if (error instanceof Fault) {
    io.stderr.write(`${label}: ${error.message}\n`);
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(
    `${label}: something went wrong that should not have. Please report it with what follows.\n${text}\n`,
  );
  return 1;
}
