import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { Fault, UsageFault } from './model/fault.ts';
import { commandOf } from './stores/drivers/postgres/processes.ts';

/** Makes sure that a port can be listened on. Faults: those of `explainListen`. */
export async function probePort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  }).catch(async (error: unknown) => {
    throw await explainListen(error, host, port);
  });
}

/** A Fault `port-taken` (saying by whom, where that can be seen) or `permission`, or a UsageFault for the host. */
export async function explainListen(error: unknown, host: string, port: number): Promise<unknown> {
  const options = { cause: error };
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE': {
      const holder = await holderOf(port);
      const who = holder === null ? '' : ` by process ${holder.pid} (${holder.command.slice(0, 120)})`;
      return new Fault('port-taken', `port ${port} on ${host} is taken${who}; choose another with --port`, options);
    }
    case 'EACCES':
      return new Fault(
        'permission',
        `port ${port} may not be used by this user; choose one from 1024 on with --port`,
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new UsageFault(`"${host}" is no address of this machine; choose another with --host`);
    default:
      return error;
  }
}

/** Who listens on a TCP port; null where the system does not say, as for another user's process. */
async function holderOf(port: number): Promise<{ pid: number; command: string } | null> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const listens = state === '0A';
      if (listens && Number.parseInt(local.split(':')[1] ?? '', 16) === port) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return null;
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (inodes.has(target)) return { pid: Number(pid), command: await commandOf(Number(pid)) };
    }
  }
  return null;
}
