import { listenForSyslog, type SyslogListener } from './collect/syslog/listener.ts';
import type { Config } from './config.ts';
import type { Closing } from './engines.ts';
import { UsageFault } from './model/fault.ts';
import type { Receiver } from './model/ways-in.ts';
import type { Log, Records } from './stores/records.ts';

export interface SyslogTools {
  config: Config;
  log: Log;
  records: Records;
  receiver: Receiver;
  closing: Closing;
}

/**
 * Listens for syslog where the settings say so; null when they do not, or this process does not collect. Throws a UsageFault for a tenant that is not
 * there, and a Fault `cannot-listen`.
 */
export async function openSyslog(tools: SyslogTools): Promise<SyslogListener | null> {
  const { config, log, records, receiver, closing } = tools;
  if (config.syslog.length === 0 || !config.roles.includes('collect')) return null;
  const tenantId = await tenantOf(config, records);
  const listener = await listenForSyslog({
    endpoints: config.syslog,
    allow: config.syslogAllow,
    receiver,
    tenantId,
    // A tenant that is named gets everything; otherwise syslog is the installation's, as a key of its own would be.
    ownerOf: (host) => (config.syslogTenant === undefined ? records.hosts.resolve(host) : undefined),
    onError: (error, doing) => log.warn({ err: error }, doing),
  });
  closing.add('syslog', () => listener.close());
  return listener;
}

async function tenantOf({ syslogTenant }: Config, records: Records): Promise<string> {
  if (syslogTenant === undefined) return records.installation.id;
  const tenant = await records.unscoped.tenants.find(syslogTenant);
  if (tenant !== null) return tenant.id;
  throw new UsageFault(
    `VEDETTE_SYSLOG_TENANT names "${syslogTenant}", which is no tenant; "npx vedette tenant create SLUG" makes one`,
  );
}
