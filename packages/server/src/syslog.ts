import { listenForSyslog, type SyslogListener } from './collect/syslog/listener.ts';
import type { Config } from './config.ts';
import type { Closing } from './engines.ts';
import type { DiskGuard } from './flow/disk-guard.ts';
import { Fault, UsageFault } from './model/fault.ts';
import type { Receiver } from './model/ways-in.ts';
import type { Log, Records } from './stores/records.ts';

/** How soon syslog is held, and read again, after the state of the disks has changed. */
const HOLD_MS = 250;

export interface SyslogTools {
  config: Config;
  log: Log;
  records: Records;
  receiver: Receiver;
  disks: Pick<DiskGuard, 'state'>;
  closing: Closing;
}

/**
 * Listens for syslog where the settings say so; null when they do not, or this process does not collect. Throws a UsageFault for a tenant that is not
 * there, and a Fault `cannot-listen`.
 */
export async function openSyslog(tools: SyslogTools): Promise<SyslogListener | null> {
  const { config, log, records, receiver, disks, closing } = tools;
  if (config.syslog.length === 0 || !config.roles.includes('collect')) return null;
  const tenantId = await tenantOf(config, records);
  const listener = await listenForSyslog({
    endpoints: config.syslog,
    allow: config.syslogAllow,
    receiver,
    tenantId,
    // A tenant that is named gets everything; otherwise syslog is the installation's, as a key of its own would be.
    ownerOf: (host) => (config.syslogTenant === undefined ? records.hosts.ownerOf(host) : undefined),
    onError(error, doing) {
      // Of a disk that is nearly full the log tells once.
      if (!(error instanceof Fault && error.code === 'disk-low')) log.warn({ err: error }, doing);
    },
  });
  const holding = setInterval(() => listener.hold(isStopped(disks)), HOLD_MS);
  holding.unref();
  listener.hold(isStopped(disks));
  closing.add('syslog’s look at the disks', () => clearInterval(holding));
  closing.add('syslog', () => listener.close());
  return listener;
}

function isStopped(disks: Pick<DiskGuard, 'state'>): boolean {
  const state = disks.state();
  return state === 'stopped' || state === 'full';
}

async function tenantOf({ syslogTenant }: Config, records: Records): Promise<string> {
  if (syslogTenant === undefined) return records.installation.id;
  const tenant = await records.unscoped.tenants.find(syslogTenant);
  if (tenant !== null) return tenant.id;
  throw new UsageFault(
    `VEDETTE_SYSLOG_TENANT names "${syslogTenant}", which is no tenant; "npx vedette tenant create SLUG" makes one`,
  );
}
