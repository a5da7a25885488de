import type { Records, TenantRecords, Watched } from '../../records.ts';
import { openKeyDesk, tenantKeys } from './api-keys.ts';
import { tenantConsent } from './consent.ts';
import { type Database, openDatabase } from './database.ts';
import { tenantDomains } from './domains.ts';
import { tenantErasures } from './erasures.ts';
import { refuseWeakRole } from './guard.ts';
import { loadHostMap } from './host-map.ts';
import { tenantIdempotency } from './idempotency.ts';
import { tenantImports } from './imports.ts';
import { loadIntegrationMap } from './integration-map.ts';
import { tenantIntegrations } from './integrations.ts';
import { listen } from './listener.ts';
import type { Log } from './log.ts';
import { migrate } from './migrate.ts';
import { type Owner, ownerOf } from './owner.ts';
import { platformRecords } from './platform.ts';
import { loadPolicyMap } from './policy-map.ts';
import { logIn, tenantSessions } from './sessions.ts';
import { tenantSources } from './sources.ts';
import { bootstrapInstallation, ownTenant } from './tenants.ts';

export interface RecordsOptions {
  /** Of the database's owner: migrations run as it, all else as `vedette_app`. */
  url: string;
  log: Log;
  /** Pooled connections, 10 unless told otherwise; one more listens. */
  maxConnections?: number;
}

/**
 * Opens the records: migrates, refuses a database whose role could see across tenants, makes Tenant0 when it is
 * missing, and loads the domain map. Several processes may do so at once.
 * Faults: those of `migrate`, and `row-security`.
 */
export async function openRecords(options: RecordsOptions): Promise<Records> {
  const { url, log } = options;
  await migrate({ url, log });
  const database = openDatabase(options);
  try {
    await refuseWeakRole(database.pool);
    return await openOver(database, url, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openOver(database: Database, url: string, log: Log): Promise<Records> {
  const installation = await bootstrapInstallation(database);
  const hosts = await loadHostMap(database, log);
  const policies = await loadPolicyMap(database, log);
  const integrations = await loadIntegrationMap(database, log);
  const desk = openKeyDesk(database, log);
  const watchers = createWatchers();
  const listener = await listen({
    url,
    log,
    channels: ['vedette_domains', 'vedette_keys', 'vedette_policies', 'vedette_integrations', ...watchers.channels],
    onMessage(channel) {
      if (channel === 'vedette_keys') desk.forget(true);
      else if (channel === 'vedette_policies') policies.reload();
      else if (channel === 'vedette_domains') hosts.reload();
      else if (channel !== 'vedette_integrations') watchers.tell(channel);
      // A tenant that is suspended is announced with its domains.
      if (channel === 'vedette_domains' || channel === 'vedette_integrations') integrations.reload();
    },
    async onConnect() {
      desk.forget(true);
      await Promise.all([hosts.refresh(), policies.refresh(), integrations.refresh()]);
      for (const channel of watchers.channels) watchers.tell(channel);
    },
    onDisconnect: () => desk.forget(false),
  });
  const owner = ownerOf(url, log);
  const unscoped = platformRecords(database, owner, log);
  return {
    installation,
    hosts,
    policies,
    integrations,
    unscoped,
    forTenant: (tenantId) => tenantRecords({ database, owner, log }, tenantId),
    authenticate: (token) => desk.authenticate(token),
    logIn: logIn(database),
    watch: (what, changed) => watchers.add(what, changed),
    ping: async () => void (await database.pool.query('SELECT 1')),
    async close() {
      await listener.close();
      await desk.close();
      await database.close();
    },
  };
}

/** Whoever wants to hear of announcements that are nobody’s here. */
function createWatchers() {
  const channels: Record<Watched, string> = { 'master-keys': 'vedette_master_keys', erasures: 'vedette_erasures' };
  const watchers = new Map<string, (() => void)[]>(Object.values(channels).map((channel) => [channel, []]));
  return {
    channels: [...watchers.keys()],
    add: (what: Watched, changed: () => void) => void watchers.get(channels[what])?.push(changed),
    tell(channel: string) {
      for (const changed of watchers.get(channel) ?? []) changed();
    },
  };
}

function tenantRecords(tools: { database: Database; owner: Owner; log: Log }, tenantId: string): TenantRecords {
  const { database } = tools;
  return {
    tenantId,
    tenant: ownTenant(database, tenantId),
    domains: tenantDomains(database, tenantId),
    keys: tenantKeys(database, tenantId),
    sessions: tenantSessions(database, tenantId),
    imports: tenantImports(database, tenantId),
    idempotency: tenantIdempotency(database, tenantId),
    sources: tenantSources(database, tenantId),
    consent: tenantConsent(database, tenantId),
    integrations: tenantIntegrations(database, tenantId),
    erasures: tenantErasures(tools, tenantId),
  };
}
