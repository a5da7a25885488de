import type { Records, TenantRecords, Watched } from '../../records.ts';
import { accounts } from './accounts.ts';
import { openKeyDesk, tenantKeys } from './api-keys.ts';
import { tenantAudit } from './audit-log.ts';
import { tenantConsent } from './consent.ts';
import { type Database, openDatabase } from './database.ts';
import { tenantDomains } from './domains.ts';
import { emailChanges } from './email-changes.ts';
import { tenantErasures } from './erasures.ts';
import { factors } from './factors.ts';
import { refuseWeakRole } from './guard.ts';
import { loadHostMap } from './host-map.ts';
import { tenantIdempotency } from './idempotency.ts';
import { tenantImports } from './imports.ts';
import { loadIntegrationMap } from './integration-map.ts';
import { tenantIntegrations } from './integrations.ts';
import { invitationDesk } from './invitation-desk.ts';
import { tenantInvitations } from './invitations.ts';
import { listen } from './listener.ts';
import type { Log } from './log.ts';
import { tenantMembers } from './members.ts';
import { migrate } from './migrate.ts';
import { type Owner, ownerOf } from './owner.ts';
import { passwordResets } from './password-resets.ts';
import { tenantPeople } from './people-room.ts';
import { platformRecords } from './platform.ts';
import { loadPolicyMap } from './policy-map.ts';
import { tenantViews } from './saved-views.ts';
import { logIn, tenantSessions } from './sessions.ts';
import { tenantSources } from './sources.ts';
import { loadStandingMap } from './standing-map.ts';
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
  const standing = await loadStandingMap(database, log);
  const policies = await loadPolicyMap(database, log);
  const integrations = await loadIntegrationMap(database, log);
  const desk = openKeyDesk(database, log);
  const watchers = createWatchers();
  const reloads: Record<string, () => void> = {
    vedette_keys: () => desk.forget(true),
    vedette_policies: policies.reload,
    vedette_tenants: standing.reload,
    vedette_domains() {
      hosts.reload();
      // A tenant that is suspended is announced with its domains.
      integrations.reload();
    },
    vedette_integrations: integrations.reload,
  };
  const listener = await listen({
    url,
    log,
    channels: [...new Set([...Object.keys(reloads), ...watchers.channels])],
    onMessage(channel) {
      reloads[channel]?.();
      watchers.tell(channel);
    },
    async onConnect() {
      desk.forget(true);
      await Promise.all([hosts.refresh(), standing.refresh(), policies.refresh(), integrations.refresh()]);
      for (const channel of watchers.channels) watchers.tell(channel);
    },
    onDisconnect: () => desk.forget(false),
  });
  const owner = ownerOf(url, log);
  const sessionsChanged = () => watchers.tell('vedette_sessions');
  const unscoped = platformRecords({ database, owner, log, sessionsChanged });
  return {
    installation,
    hosts,
    standing,
    policies,
    integrations,
    unscoped,
    forTenant: (tenantId) => tenantRecords({ database, owner, log, sessionsChanged }, tenantId),
    authenticate: (token) => desk.authenticate(token),
    accounts: accounts(database, sessionsChanged),
    factors: factors(database),
    invitations: invitationDesk(database, sessionsChanged),
    resets: passwordResets(database, sessionsChanged),
    emailChanges: emailChanges(database, sessionsChanged),
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

/** Whoever wants to hear of announcements. */
function createWatchers() {
  const channels: Record<Watched, string> = {
    keys: 'vedette_keys',
    'master-keys': 'vedette_master_keys',
    erasures: 'vedette_erasures',
    sessions: 'vedette_sessions',
    tenants: 'vedette_tenants',
  };
  const watchers = new Map<string, (() => void)[]>(Object.values(channels).map((channel) => [channel, []]));
  return {
    channels: [...watchers.keys()],
    add: (what: Watched, changed: () => void) => void watchers.get(channels[what])?.push(changed),
    tell(channel: string) {
      for (const changed of watchers.get(channel) ?? []) changed();
    },
  };
}

function tenantRecords(
  tools: { database: Database; owner: Owner; log: Log; sessionsChanged: () => void },
  tenantId: string,
): TenantRecords {
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
    members: tenantMembers(database, tenantId, tools.sessionsChanged),
    invitations: tenantInvitations(database, tenantId),
    people: tenantPeople(database, tenantId),
    audit: tenantAudit(database, tenantId),
    views: tenantViews(database, tenantId),
  };
}
